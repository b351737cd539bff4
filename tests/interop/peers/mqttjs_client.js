// MQTT.js behind the commands and events of README.md.
'use strict'

const readline = require('node:readline')
const mqtt = require('mqtt')
const { to_mqtt_packet, from_mqtt_packet } = require('../../differential/mqtt_packet_properties.js')

const PROTOCOLS = { '3.1': ['MQIsdp', 3], '3.1.1': ['MQTT', 4], '5.0': ['MQTT', 5] }

let client = null
let five = false

// With the keys of all objects in alphabetical order.
function sorted (value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])]))
}

function tell (event, packet, values) {
  if (five) values.properties = from_mqtt_packet(packet.properties)
  console.log(event + ' ' + JSON.stringify(sorted(values)))
}

const properties_of = command => five ? { properties: to_mqtt_packet(command.properties ?? {}) } : {}

// Packets of the server that its answer to a command or a message does not show.
const events = {
  connack (packet) {
    tell('connack', packet, {
      reason_code: five ? packet.reasonCode : packet.returnCode,
      session_present: packet.sessionPresent
    })
  },
  suback (packet) {
    tell('suback', packet, { reason_codes: packet.granted })
  },
  unsuback (packet) {
    tell('unsuback', packet, five ? { reason_codes: packet.granted } : {})
  },
  disconnect (packet) {
    tell('disconnect', packet, { reason_code: packet.reasonCode })
  }
}

const commands = {
  connect (command) {
    five = command.version === '5.0'
    const [protocolId, protocolVersion] = PROTOCOLS[command.version]
    const will = command.will && {
      topic: command.will.topic,
      payload: Buffer.from(command.will.payload_hex, 'hex'),
      qos: command.will.qos,
      retain: command.will.retain,
      ...properties_of(command.will)
    }
    client = mqtt.connect({
      host: '127.0.0.1',
      port: command.port,
      protocolId,
      protocolVersion,
      clientId: command.client_id,
      clean: command.clean_start,
      keepalive: command.keep_alive,
      username: command.user_name,
      password: command.password,
      will,
      reconnectPeriod: 0,
      ...properties_of(command)
    })
    client.handleAuth = (packet, done) => {
      done(null, { cmd: 'auth', reasonCode: packet.reasonCode, properties: packet.properties })
    }
    client.on('error', () => {}) // the event tells it
    client.on('packetreceive', packet => events[packet.cmd]?.(packet))
    client.on('message', (topic, payload, packet) => {
      tell('message', packet, { payload_hex: payload.toString('hex'), qos: packet.qos, retain: packet.retain, topic })
    })
  },
  publish (command) {
    const options = { qos: command.qos, retain: command.retain, ...properties_of(command) }
    client.publish(command.topic, Buffer.from(command.payload_hex, 'hex'), options, error => {
      if (!error) tell('published', {}, {})
    })
  },
  subscribe (command) {
    const filters = Object.fromEntries(command.filters.map(row => [row.filter, {
      qos: row.qos, nl: row.no_local ?? false, rap: row.retain_as_published ?? false, rh: row.retain_handling ?? 0
    }]))
    client.subscribe(filters, properties_of(command), () => {})
  },
  unsubscribe (command) {
    client.unsubscribe(command.filters, properties_of(command), () => {})
  },
  disconnect (command) {
    client.end(false, { reasonCode: command.reason_code ?? 0, ...properties_of(command) })
  }
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  const space = line.indexOf(' ')
  commands[line.slice(0, space)](JSON.parse(line.slice(space)))
})
process.stdin.on('end', () => process.exit())
