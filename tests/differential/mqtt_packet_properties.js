// Properties as mqtt-packet names and holds them, to and from the names and values of the test vectors.
'use strict'

const SPECIAL_NAMES = {
  maximum_qos: 'maximumQoS',
  subscription_identifier_available: 'subscriptionIdentifiersAvailable',
  user_property: 'userProperties'
}
const FLAGS = new Set([
  'payload_format_indicator', 'request_problem_information', 'request_response_information', 'retain_available',
  'wildcard_subscription_available', 'subscription_identifier_available', 'shared_subscription_available'
])
const BINARY = new Set(['correlation_data', 'authentication_data'])

const own_names = Object.fromEntries(Object.entries(SPECIAL_NAMES).map(([ours, theirs]) => [theirs, ours]))

function to_camel (name) {
  return SPECIAL_NAMES[name] ?? name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())
}

function to_snake (name) {
  return own_names[name] ?? name.replace(/[A-Z]/g, letter => '_' + letter.toLowerCase())
}

// One entry a name, as mqtt-packet wants them: the values of a name that repeats come together.
function to_user_properties (pairs) {
  const result = Object.create(null)
  for (const [name, value] of pairs) {
    if (name in result) result[name] = [].concat(result[name], value)
    else result[name] = value
  }
  return result
}

function from_user_properties (properties) {
  return Object.entries(properties).flatMap(([name, values]) => [].concat(values).map(value => [name, value]))
}

// {"topic_alias": 7, "correlation_data_hex": "00ff"} -> {topicAlias: 7, correlationData: <Buffer 00 ff>}
function to_mqtt_packet (properties) {
  const result = {}
  for (const [key, value] of Object.entries(properties)) {
    const name = key.replace(/_hex$/, '')
    if (name === 'user_property') result.userProperties = to_user_properties(value)
    else if (FLAGS.has(name)) result[to_camel(name)] = value !== 0
    else if (BINARY.has(name)) result[to_camel(name)] = Buffer.from(value, 'hex')
    else result[to_camel(name)] = value
  }
  return result
}

function from_mqtt_packet (properties = {}) {
  const result = {}
  for (const [key, value] of Object.entries(properties)) {
    const name = to_snake(key)
    if (name === 'user_property') result[name] = from_user_properties(value)
    else if (name === 'subscription_identifier') result[name] = [].concat(value)
    else if (FLAGS.has(name)) result[name] = value ? 1 : 0
    else if (BINARY.has(name)) result[name + '_hex'] = Buffer.isBuffer(value) ? value.toString('hex') : value
    else result[name] = value
  }
  return result
}

module.exports = { to_mqtt_packet, from_mqtt_packet }
