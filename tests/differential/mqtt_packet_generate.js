// Random valid packets of all types and versions, encoded by mqtt-packet: mqtt_packet_generate.js SEED COUNT
// A line is an answer as mqttwire-inspect --cases must give it, with the case itself in `case`.
'use strict'

const mqtt = require('mqtt-packet')
const constants = require('mqtt-packet/constants')
const { describe, PROTOCOL_VERSIONS } = require('./mqtt_packet_fields.js')

const VERSIONS = Object.keys(PROTOCOL_VERSIONS)

// Small, fast and the same everywhere: a linear congruential generator, of which the upper bits are used.
let state = 0n
function below (limit) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xFFFFFFFFFFFFFFFFn
  return Number((state >> 33n) % BigInt(limit))
}

const chance = percent => below(100) < percent
const pick = list => list[below(list.length)]
const times = (count, make) => Array.from({ length: count }, make)
const size = most => pick([0, 1, 2, 3, 5, 8, 13, 30, 127, 128, 300]) % (most + 1)

const CHARACTERS = [...'abcdefghijklmnopqrstuvwxyz0123456789 .-_', ...'äßЖ中文Ａ߿ࠀ', '\u{10000}', '\u{10FFFF}', '\u{1F600}',
  '\uFEFF', '\uFFFD', '\u0001', '\u007F', '"', '\\', '\uE000']

const text = (most = 300) => times(size(most), () => pick(CHARACTERS)).join('')
const word = () => pick([...'abcdefghij']) + text(8)
const level = () => text(12).replaceAll('$', '')
const topic = () => times(1 + below(4), level).join('/') || '/'
const bytes = (most = 300) => Buffer.from(times(size(most), () => below(256)))
const packet_id = () => pick([1, 2, 127, 255, 256, 32768, 65535, 1 + below(65535)])
const two_bytes = () => pick([0, 1, 255, 256, 65535, below(65536)])
const four_bytes = () => pick([0, 1, 65535, 65536, 2147483648, 4294967295, below(2 ** 31)])
const flag = () => chance(50)

function filter (version) {
  const levels = times(1 + below(4), () => chance(25) ? '+' : level())
  if (chance(25)) levels.push('#')
  const plain = levels.join('/') || '/'
  return version === '5.0' && chance(20) ? '$share/' + word() + '/' + plain : plain
}

function user_properties () {
  const properties = Object.create(null)
  for (let i = below(4); i >= 0; i--) {
    properties[pick(['', 'unit', text(20)])] = chance(30) ? times(1 + below(3), () => text(20)) : text(20)
  }
  return properties
}

const at_least_1 = number => number === 0 ? 1 : number

const PROPERTY_VALUES = {
  payloadFormatIndicator: flag,
  messageExpiryInterval: four_bytes,
  contentType: text,
  responseTopic: topic,
  correlationData: bytes,
  subscriptionIdentifier: () => pick([1, 127, 128, 16383, 16384, 2097151, 2097152, 268435455]),
  sessionExpiryInterval: four_bytes,
  assignedClientIdentifier: text,
  serverKeepAlive: two_bytes,
  authenticationMethod: text,
  authenticationData: bytes,
  requestProblemInformation: flag,
  willDelayInterval: four_bytes,
  requestResponseInformation: flag,
  responseInformation: text,
  serverReference: text,
  reasonString: text,
  receiveMaximum: () => at_least_1(two_bytes()),
  topicAliasMaximum: two_bytes,
  topicAlias: () => at_least_1(two_bytes()),
  maximumQoS: () => below(2),
  retainAvailable: flag,
  userProperties: user_properties,
  maximumPacketSize: () => at_least_1(four_bytes()),
  wildcardSubscriptionAvailable: flag,
  subscriptionIdentifiersAvailable: flag,
  sharedSubscriptionAvailable: flag
}

const REASON = ['reasonString', 'userProperties']
const MESSAGE = ['payloadFormatIndicator', 'messageExpiryInterval', 'contentType', 'responseTopic', 'correlationData',
  'userProperties']
const AUTHENTICATION = ['authenticationMethod', 'authenticationData']
const PLACES = {
  connect: ['sessionExpiryInterval', 'requestProblemInformation', 'requestResponseInformation', 'receiveMaximum',
    'topicAliasMaximum', 'userProperties', 'maximumPacketSize', ...AUTHENTICATION],
  will: [...MESSAGE, 'willDelayInterval'],
  connack: ['sessionExpiryInterval', 'assignedClientIdentifier', 'serverKeepAlive', 'responseInformation',
    'serverReference', 'receiveMaximum', 'topicAliasMaximum', 'maximumQoS', 'retainAvailable', 'maximumPacketSize',
    'wildcardSubscriptionAvailable', 'subscriptionIdentifiersAvailable', 'sharedSubscriptionAvailable', ...REASON,
    ...AUTHENTICATION],
  publish: [...MESSAGE, 'subscriptionIdentifier', 'topicAlias'],
  subscribe: ['subscriptionIdentifier', 'userProperties'],
  unsubscribe: ['userProperties'],
  disconnect: ['sessionExpiryInterval', 'serverReference', ...REASON],
  auth: [...AUTHENTICATION, ...REASON]
}

// In an order of its own, as senders have them.
function properties (version, place) {
  if (version !== '5.0') return {}
  const result = {}
  const names = (PLACES[place] ?? REASON).filter(() => chance(35))
  if (place === 'auth' || names.includes('authenticationData')) names.push('authenticationMethod')
  while (names.length > 0) {
    const [name] = names.splice(below(names.length), 1)
    result[name] = PROPERTY_VALUES[name]()
  }
  if (place === 'publish' && 'subscriptionIdentifier' in result && chance(50)) {
    result.subscriptionIdentifier = times(1 + below(4), PROPERTY_VALUES.subscriptionIdentifier)
  }
  return { properties: result }
}

const code = table => pick(Object.keys(table).map(Number))
const acknowledgement = (version, cmd, codes) => ({
  cmd,
  messageId: packet_id(),
  ...(version === '5.0' ? { reasonCode: chance(50) ? 0 : code(codes) } : {}),
  ...(chance(60) ? properties(version, cmd) : {})
})

const CONNACK_CODES = [0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99,
  0x9A, 0x9B, 0x9C, 0x9D, 0x9F]

function connect (version) {
  const packet = {
    cmd: 'connect',
    protocolId: version === '3.1' ? 'MQIsdp' : 'MQTT',
    protocolVersion: PROTOCOL_VERSIONS[version],
    clean: flag(),
    keepalive: two_bytes(),
    clientId: word(),
    ...properties(version, 'connect')
  }
  if (packet.clean && version !== '3.1' && chance(20)) packet.clientId = ''
  if (chance(50)) {
    packet.will = { topic: topic(), payload: bytes(), qos: below(3), retain: flag(), ...properties(version, 'will') }
  }
  if (chance(50)) packet.username = text()
  if (packet.username !== undefined && chance(70)) packet.password = bytes()
  return packet
}

function connack (version) {
  const accepted = chance(40)
  return {
    cmd: 'connack',
    sessionPresent: accepted && version !== '3.1' && flag(),
    ...(version === '5.0'
      ? { reasonCode: accepted ? 0 : pick(CONNACK_CODES) }
      : { returnCode: accepted ? 0 : 1 + below(5) }),
    ...properties(version, 'connack')
  }
}

function publish (version) {
  const qos = below(3)
  const packet = {
    cmd: 'publish',
    topic: topic(),
    payload: chance(3) ? Buffer.alloc(pick([16383, 16384, 70000]), 'x') : bytes(),
    qos,
    dup: qos > 0 && flag(),
    retain: flag(),
    ...(qos > 0 ? { messageId: packet_id() } : {}),
    ...properties(version, 'publish')
  }
  if (packet.properties?.topicAlias && flag()) packet.topic = ''
  return packet
}

const MAKERS = [
  connect,
  connack,
  publish,
  version => acknowledgement(version, 'puback', constants.MQTT5_PUBACK_PUBREC_CODES),
  version => acknowledgement(version, 'pubrec', constants.MQTT5_PUBACK_PUBREC_CODES),
  version => acknowledgement(version, 'pubrel', constants.MQTT5_PUBREL_PUBCOMP_CODES),
  version => acknowledgement(version, 'pubcomp', constants.MQTT5_PUBREL_PUBCOMP_CODES),
  version => ({
    cmd: 'subscribe',
    messageId: packet_id(),
    subscriptions: times(1 + below(4), () => {
      const own = filter(version)
      return {
        topic: own,
        qos: below(3),
        ...(version === '5.0' ? { nl: !own.startsWith('$share') && flag(), rap: flag(), rh: below(3) } : {})
      }
    }),
    ...properties(version, 'subscribe')
  }),
  version => ({
    cmd: 'suback',
    messageId: packet_id(),
    granted: times(1 + below(4), () => version === '5.0'
      ? code(constants.MQTT5_SUBACK_CODES)
      : pick(version === '3.1' ? [0, 1, 2] : [0, 1, 2, 128])),
    ...properties(version, 'suback')
  }),
  version => ({
    cmd: 'unsubscribe',
    messageId: packet_id(),
    unsubscriptions: times(1 + below(4), () => filter(version)),
    ...properties(version, 'unsubscribe')
  }),
  version => ({
    cmd: 'unsuback',
    messageId: packet_id(),
    ...(version === '5.0' ? { granted: times(1 + below(4), () => code(constants.MQTT5_UNSUBACK_CODES)) } : {}),
    ...properties(version, 'unsuback')
  }),
  () => ({ cmd: 'pingreq' }),
  () => ({ cmd: 'pingresp' }),
  version => ({
    cmd: 'disconnect',
    ...(version === '5.0' ? { reasonCode: code(constants.MQTT5_DISCONNECT_CODES) } : {}),
    ...properties(version, 'disconnect')
  }),
  version => ({ cmd: 'auth', reasonCode: code(constants.MQTT5_AUTH_CODES), ...properties(version, 'auth') })
]

const [seed, count] = process.argv.slice(2).map(Number)
state = BigInt(seed)
for (let i = 0; i < count; i++) {
  const version = pick(VERSIONS)
  const make = MAKERS[i % (version === '5.0' ? MAKERS.length : MAKERS.length - 1)]
  const packet = make(version)
  const encoded = mqtt.generate(packet, { protocolVersion: PROTOCOL_VERSIONS[version] })
  console.log(JSON.stringify({ case: `${version} ${encoded.toString('hex')}`, expect: 'ok', ...describe(packet, version) }))
}
