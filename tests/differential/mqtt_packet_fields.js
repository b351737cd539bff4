// A packet as mqtt-packet holds it, in the words of the test vectors.
'use strict'

const { from_mqtt_packet } = require('./mqtt_packet_properties.js')

const PROTOCOL_VERSIONS = { '3.1': 3, '3.1.1': 4, '5.0': 5 }
const VERSIONS = { 3: '3.1', 4: '3.1.1', 5: '5.0' }

const hex = payload => payload === undefined ? '' : Buffer.from(payload).toString('hex')

const acknowledgement = (packet, five) => ({
  packet_id: packet.messageId,
  ...(five ? { reason_code: packet.reasonCode } : {})
})

const of = {
  connect (packet, five) {
    const will = packet.will && {
      topic: packet.will.topic,
      payload_hex: hex(packet.will.payload),
      qos: packet.will.qos,
      retain: packet.will.retain,
      ...(five ? { properties: from_mqtt_packet(packet.will.properties) } : {})
    }
    return {
      protocol_name: packet.protocolId,
      protocol_version: packet.protocolVersion,
      clean_start: packet.clean,
      keep_alive: packet.keepalive,
      client_id: packet.clientId,
      will: will ?? null,
      user_name: packet.username ?? null,
      password_hex: packet.password === undefined ? null : hex(packet.password)
    }
  },
  connack: (packet, five, version) => ({
    ...(version === '3.1' ? {} : { session_present: packet.sessionPresent }),
    reason_code: five ? packet.reasonCode : packet.returnCode
  }),
  publish: packet => ({
    topic: packet.topic,
    qos: packet.qos,
    dup: packet.dup,
    retain: packet.retain,
    ...(packet.qos === 0 ? {} : { packet_id: packet.messageId }),
    payload_hex: hex(packet.payload)
  }),
  puback: acknowledgement,
  pubrec: acknowledgement,
  pubrel: acknowledgement,
  pubcomp: acknowledgement,
  subscribe: (packet, five) => ({
    packet_id: packet.messageId,
    filters: packet.subscriptions.map(subscription => ({
      filter: subscription.topic,
      qos: subscription.qos,
      ...(five
        ? {
            no_local: subscription.nl,
            retain_as_published: subscription.rap,
            retain_handling: subscription.rh
          }
        : {})
    }))
  }),
  suback: packet => ({ packet_id: packet.messageId, reason_codes: packet.granted }),
  unsubscribe: packet => ({
    packet_id: packet.messageId,
    filters: packet.unsubscriptions.map(filter => ({ filter }))
  }),
  unsuback: (packet, five) => ({
    packet_id: packet.messageId,
    ...(five ? { reason_codes: packet.granted } : {})
  }),
  pingreq: () => ({}),
  pingresp: () => ({}),
  disconnect: (packet, five) => five ? { reason_code: packet.reasonCode } : {},
  auth: packet => ({ reason_code: packet.reasonCode })
}

// The packet's name, the version it was read or written in, and its fields.
function describe (packet, version) {
  const own = packet.cmd === 'connect' ? VERSIONS[packet.protocolVersion] : version
  const five = own === '5.0'
  const fields = of[packet.cmd](packet, five, own)
  if (five && !packet.cmd.startsWith('ping')) fields.properties = from_mqtt_packet(packet.properties)
  return { packet: packet.cmd.toUpperCase(), version: own, fields }
}

module.exports = { describe, PROTOCOL_VERSIONS }
