// MQTT.js against mqttwire-broker, and against mqttwire-client through it. See mqttjs.py.
//
//   node mqttjs.js CLIENT CERTIFICATE VERSION URL
//
// The broker must be new. Each check is a line; the exit status is the number of those that failed.
'use strict'

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const { isDeepStrictEqual } = require('node:util')
const mqtt = require('mqtt')
const mqttPacket = require('mqtt-packet')

const [program, certificate, version, url] = process.argv.slice(2)
const five = version === '5'
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))
let failures = 0
let open = []

function check (what, seen, wanted = true) {
  const good = isDeepStrictEqual(seen, wanted)
  if (!good) failures++
  const shown = value => JSON.stringify(value)
  console.log((good ? 'ok   ' : 'FAIL ') + `MQTT.js, ${version}, ${url.split(':')[0]}: ${what}` +
    (good ? '' : `: ${shown(seen)} instead of ${shown(wanted)}`))
}

// A connected client with the CONNACK, the messages that it has got, and the PUBLISH packets as they came.
async function connect (options = {}) {
  const client = mqtt.connect(url, {
    protocolVersion: five ? 5 : 4, reconnectPeriod: 0, resubscribe: false, ca: fs.readFileSync(certificate), ...options
  })
  client.messages = []
  client.publishes = []
  client.on('message', (topic, payload, packet) => {
    client.messages.push({ ...packet, topic, payload: payload.toString() })
  })
  client.on('packetreceive', packet => {
    if (packet.cmd === 'publish') client.publishes.push({ ...packet, payload: packet.payload.toString() })
  })
  open.push(client)
  ;[client.connack] = await once(client, 'connect')
  return client
}

// As many messages, in the order in which they come, or those that come within some seconds.
async function take (client, count) {
  for (let i = 0; i < 250 && client.messages.length < count; i++) await pause(20)
  return client.messages.splice(0)
}

// Waits until all has come that the broker had sent before it answers a PINGREQ.
async function settled (client) {
  const answer = once(client, 'pingresp')
  const told = packet => { if (packet.cmd === 'pingresp') client.emit('pingresp') }
  client.on('packetreceive', told)
  client._sendPacket({ cmd: 'pingreq' })
  await answer
  client.off('packetreceive', told)
}

const texts = messages => messages.map(each => each.payload)

async function everyQos () {
  const publisher = await connect()
  const subscriber = await connect()
  for (const qos of [0, 1, 2]) {
    await subscriber.subscribeAsync(`qos/${qos}/+`, { qos })
    for (const published of [0, 1, 2]) {
      await publisher.publishAsync(`qos/${qos}/${published}`, `${published}`, { qos: published })
    }
    const got = await take(subscriber, 3)
    check(`QoS 0, 1 and 2 to a subscription with ${qos}`, got.map(each => [each.payload, each.qos, each.retain]),
      [0, 1, 2].map(published => [`${published}`, Math.min(qos, published), false]))
  }
  const large = 'x'.repeat(500_000)
  await subscriber.subscribeAsync('size/#', { qos: 2 })
  for (const payload of ['', large, 'é']) await publisher.publishAsync('size/x', payload, { qos: 2 })
  check('payloads of every size', texts(await take(subscriber, 3)).map(each => each.length), [0, large.length, 1])
  const granted = await subscriber.unsubscribeAsync('size/#')
  check('UNSUBSCRIBE', five ? granted.granted : granted.cmd, five ? [0] : 'unsuback')
  await publisher.publishAsync('size/x', 'not any more', { qos: 1 })
  await settled(subscriber)
  check('is heeded', texts(subscriber.messages), [])
}

async function retained () {
  const publisher = await connect()
  const before = await connect()
  await before.subscribeAsync('kept/#', { qos: 2 })
  for (const qos of [0, 1, 2]) await publisher.publishAsync(`kept/${qos}`, 'first', { qos, retain: true })
  await publisher.publishAsync('kept/1', 'second', { qos: 1, retain: true })
  await publisher.publishAsync('kept/2', '', { qos: 2, retain: true })
  const seen = (await take(before, 5)).map(each => each.retain)
  check('who has subscribed before sees no RETAIN', seen, Array(5).fill(false))
  const behind = await connect()
  await behind.subscribeAsync('kept/#', { qos: 2 })
  const got = (await take(behind, 2)).sort((a, b) => a.topic < b.topic ? -1 : 1)
  check('who subscribes behind sees the last ones with it', got.map(each => [each.topic, each.payload, each.retain]),
    [['kept/0', 'first', true], ['kept/1', 'second', true]])
  await settled(behind)
  check('and not one that was removed', behind.publishes.length, 2)
  if (five) {
    await behind.subscribeAsync('kept/#', { qos: 2, rh: 1 })
    await behind.subscribeAsync('kept/+', { qos: 2, rh: 2 })
    await settled(behind)
    check('Retain Handling 1 and 2', behind.publishes.length, 2)
    await before.subscribeAsync('kept/#', { qos: 2, rh: 2, rap: true })
    await publisher.subscribeAsync('kept/#', { qos: 2, rh: 2, nl: true })
    await publisher.publishAsync('kept/0', 'third', { qos: 1, retain: true })
    check('Retain As Published', (await take(before, 1)).map(each => each.retain), [true])
    await settled(publisher)
    check('No Local', texts(publisher.messages), [])
  }
}

async function wills () {
  const watcher = await connect()
  await watcher.subscribeAsync('will/#', { qos: 2 })
  const will = (topic, properties) =>
    ({ topic: `will/${topic}`, payload: 'gone', qos: 1, retain: true, properties: five ? properties : undefined })
  const lost = await connect({ will: will('lost', { contentType: 'text', userProperties: { a: 'b' } }) })
  lost.stream.destroy()
  const [got] = await take(watcher, 1)
  check('a will', [got?.topic, got?.payload, got?.qos], ['will/lost', 'gone', 1])
  if (five) {
    check('with its properties', [got.properties.contentType, { ...got.properties.userProperties }], ['text', { a: 'b' }])
  }
  const behind = await connect()
  await behind.subscribeAsync('will/#')
  check('is retained', (await take(behind, 1)).map(each => each.retain), [true])
  const clean = await connect({ will: will('clean') })
  await clean.endAsync()
  if (five) {
    const asks = await connect({ will: will('asks') })
    await asks.endAsync(false, { reasonCode: 4 })
    const properties = { sessionExpiryInterval: 60 }
    const late = await connect({ will: will('late', { willDelayInterval: 1, messageExpiryInterval: 1 }), properties })
    const begun = Date.now()
    late.stream.destroy()
    const got = (await take(watcher, 2)).map(each => [each.topic, each.properties?.messageExpiryInterval])
    check('a DISCONNECT asks for one, and one waits', got, [['will/asks', undefined], ['will/late', 1]])
    check('for its Will Delay Interval', Date.now() - begun > 900)
  }
  await settled(watcher)
  check('none comes behind a DISCONNECT', texts(watcher.messages), [])
}

async function sessions () {
  const options = { clientId: 'kept', clean: false, properties: five ? { sessionExpiryInterval: 600 } : undefined }
  const begins = await connect(options)
  check('there is no session', begins.connack.sessionPresent, false)
  await begins.subscribeAsync('away/#', { qos: 2 })
  await begins.endAsync()
  const publisher = await connect()
  for (const qos of [0, 1, 2, 1, 2]) await publisher.publishAsync('away/x', `${qos}`, { qos })
  const comes = await connect(options)
  check('then there is one', comes.connack.sessionPresent, true)
  await take(comes, 4)
  check('with what was sent meanwhile', texts(comes.publishes), ['1', '2', '1', '2'])
  await comes.endAsync()
  const clean = await connect({ ...options, clean: true, properties: undefined })
  check('Clean Start ends it', clean.connack.sessionPresent, false)
  await publisher.publishAsync('away/x', 'for nobody', { qos: 1 })
  await settled(clean)
  check('with its subscriptions', texts(clean.messages), [])
}

async function properties () {
  const publisher = await connect()
  const subscriber = await connect()
  await subscriber.subscribeAsync('all/+', { qos: 1, properties: { subscriptionIdentifier: 7 } })
  await subscriber.subscribeAsync('all/#', { qos: 2, properties: { subscriptionIdentifier: 268435455 } })
  const said = {
    payloadFormatIndicator: true, messageExpiryInterval: 3600, contentType: 'text', responseTopic: 'answers',
    correlationData: Buffer.from([0, 255]), userProperties: { a: ['1', '2'], '': '' }
  }
  await publisher.publishAsync('all/x', 'x', { qos: 2, properties: said })
  const [got] = await take(subscriber, 1)
  check('all Subscription Identifiers', [got.properties.subscriptionIdentifier].flat().sort(), [268435455, 7])
  check('and the highest QoS', got.qos, 2)
  delete got.properties.subscriptionIdentifier
  check('all properties of a PUBLISH', { ...got.properties, userProperties: { ...got.properties.userProperties } }, said)
  const named = await connect({ clientId: '' })
  check('an Assigned Client Identifier', named.connack.properties.assignedClientIdentifier.length > 0)
}

async function topicAliases () {
  const publisher = await connect({ autoAssignTopicAlias: true })
  const subscriber = await connect({ properties: { topicAliasMaximum: 2 } })
  const sent = []
  publisher.on('packetsend', packet => {
    if (packet.cmd === 'publish') sent.push([packet.topic, packet.properties.topicAlias])
  })
  await subscriber.subscribeAsync('alias/#', { qos: 2 })
  const topics = ['a', 'a', 'b', 'a', 'b', 'c', 'a'].map(each => `alias/${each}`)
  for (const [i, topic] of topics.entries()) await publisher.publishAsync(topic, '', { qos: i % 2 })
  check('topic aliases', (await take(subscriber, 7)).map(each => each.topic), topics)
  check('are used by the client', sent.filter(([topic, alias]) => topic === '' && alias > 0).length, 4)
  const came = subscriber.publishes.map(each => [each.topic, each.properties?.topicAlias])
  check('and by the broker, no more than it may', came,
    [['alias/a', 1], ['', 1], ['alias/b', 2], ['', 1], ['', 2], ['alias/c', 1], ['alias/a', 2]])
}

async function sharedSubscriptions () {
  const members = [await connect(), await connect()]
  for (const each of members) await each.subscribeAsync('$share/group/job/+', { qos: 1 })
  const publisher = await connect()
  const jobs = Array.from({ length: 10 }, (_, i) => `${i}`)
  for (const job of jobs) await publisher.publishAsync('job/x', job, { qos: 1 })
  for (const each of members) await settled(each)
  check('a shared subscription gives each message to one', members.flatMap(each => texts(each.messages)).sort(), jobs)
  check('in turn', members.map(each => each.messages.length), [5, 5])
}

async function receiveMaximum () {
  const slow = await connect({ properties: { receiveMaximum: 2 } })
  const parser = mqttPacket.parser({ protocolVersion: 5 })
  let arrived = 0
  parser.on('packet', packet => { arrived += packet.cmd === 'publish' })
  slow.stream.on('data', bytes => parser.parse(bytes))
  const held = []
  slow.handleMessage = (_packet, done) => held.push(done)
  await slow.subscribeAsync('slow', { qos: 1 })
  const publisher = await connect()
  for (const payload of ['1', '2', '3', '4', '5']) await publisher.publishAsync('slow', payload, { qos: 1 })
  for (let i = 0; i < 250 && arrived < 2; i++) await pause(20)
  await pause(200)
  check('the broker heeds Receive Maximum', arrived, 2)
  slow.handleMessage = (_packet, done) => done()
  for (const done of held) done()
  check('and sends the others behind the answers', texts(await take(slow, 5)), ['1', '2', '3', '4', '5'])
  check('it has one of its own', publisher.connack.properties.receiveMaximum > 0)
}

// Starts mqttwire-client: `printed` is what it has printed, `done` comes to that and its exit status.
function start (command, ...options) {
  const child = spawn(program, [command, '--quiet', '--url', url, '--ca', certificate, '--version', version, ...options])
  child.printed = ''
  child.stdout.on('data', text => { child.printed += text })
  child.done = once(child, 'close').then(([status]) => [status, child.printed])
  return child
}

async function besideTheClient () {
  const here = await connect()
  await here.subscribeAsync('there/#', { qos: 2 })
  for (const qos of ['0', '1', '2']) await start('pub', '--qos', qos, '--message', `with ${qos}`, 'there/x').done
  const got = (await take(here, 3)).map(each => [each.payload, each.qos])
  check('mqttwire-client is heard', got, [['with 0', 0], ['with 1', 1], ['with 2', 2]])
  await here.publishAsync('here/0', 'kept', { qos: 2, retain: true })
  const there = start('sub', '--qos', '2', '--count', '4', '--payload', 'here/#')
  for (let i = 0; i < 250 && there.printed === ''; i++) await pause(20)
  for (let i = 0; i < 3; i++) await here.publishAsync('here/1', `with ${i}`, { qos: i })
  check('and hears', await there.done, [0, 'kept\nwith 0\nwith 1\nwith 2\n'])
}

async function main () {
  const ofAll = [everyQos, retained, wills, sessions, besideTheClient]
  const ofFive = [properties, topicAliases, sharedSubscriptions, receiveMaximum]
  for (const each of five ? [...ofAll, ...ofFive] : ofAll) {
    await each()
    for (const client of open) client.end(true)
    open = []
  }
  process.exit(failures)
}

main()
