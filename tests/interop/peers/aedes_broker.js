// Runs aedes on a free port of the loopback interface and prints the port.
// It lets in everybody without a user name, and alice with her password.
'use strict'

const net = require('node:net')
const aedes = require('aedes')()

aedes.authenticate = (client, userName, password, done) => {
  if (userName === undefined || userName === null) return done(null, true)
  if (userName === 'alice' && String(password) === 'wonderland') return done(null, true)
  const refusal = new Error('bad user name or password')
  refusal.returnCode = 4
  done(refusal, null)
}

const server = net.createServer(aedes.handle)
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
