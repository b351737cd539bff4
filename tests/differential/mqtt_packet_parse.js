// Reads lines `VERSION HEX` and says what mqtt-packet makes of each, in the form of mqttwire-inspect --cases.
'use strict'

const readline = require('node:readline')
const mqtt = require('mqtt-packet')
const { describe, PROTOCOL_VERSIONS } = require('./mqtt_packet_fields.js')

function parse (version, bytes) {
  const packets = []
  let fault = null
  const parser = mqtt.parser({ protocolVersion: PROTOCOL_VERSIONS[version] })
  parser.on('packet', packet => packets.push(packet))
  parser.on('error', error => { fault ??= error.message })
  let left = 0
  try {
    left = parser.parse(bytes)
  } catch (error) {
    fault ??= 'throws: ' + error.message
  }
  if (fault === null && packets.length === 0) return { expect: 'incomplete' }
  const in_next_packet = parser._stateCounter > 0
  if (fault === null && (packets.length > 1 || left > 0 || in_next_packet)) fault = 'more than one packet'
  if (fault !== null) return { expect: 'error', text: fault }
  return { expect: 'ok', ...describe(packets[0], version) }
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  const [version, hex] = line.split(' ')
  console.log(JSON.stringify(parse(version, Buffer.from(hex ?? '', 'hex'))))
})
