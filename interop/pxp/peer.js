'use strict'
// peer-exchange nodes in Node.js: reads commands from standard input, writes what happens to
// standard output. How the nodes behave is in `node.js`.

const net = require('net')
const readline = require('readline')
const { WebSocket, WebSocketServer, createWebSocketStream } = require('ws')

const tell = fields => process.stdout.write(JSON.stringify(fields) + '\n')
// A node that were alone in its process would be dead now: the tests count these.
process.on('uncaughtException', error => tell({ event: 'crash', why: error.message }))
process.on('unhandledRejection', error => tell({ event: 'crash', why: String(error && error.message) }))

const wires = {
  listen (at, accept, ready) {
    const { protocol, hostname, port } = new URL(at)
    if (protocol === 'tcp:') {
      const server = net.createServer({ noDelay: true }, socket => accept(silent(socket)))
      server.listen(Number(port || 0), hostname, () => ready(`tcp://${hostname}:${server.address().port}`))
    } else {
      const server = new WebSocketServer({ host: hostname, port: Number(port || 0), perMessageDeflate: false })
      server.on('connection', socket => accept(stream(socket)))
      server.on('listening', () => ready(`ws://${hostname}:${server.address().port}/`))
    }
  },

  connect (to, connected, failed) {
    const { protocol, hostname, port } = new URL(to)
    if (protocol === 'tcp:') {
      const socket = net.connect({ host: hostname, port: Number(port), noDelay: true })
      socket.once('error', failed)
      socket.once('connect', () => connected(silent(socket)))
    } else {
      const socket = new WebSocket(to, { perMessageDeflate: false })
      socket.once('error', failed)
      socket.once('open', () => connected(stream(socket)))
    }
  }
}

function stream (socket) {
  socket._socket.setNoDelay(true)
  return silent(Object.assign(createWebSocketStream(socket), { wire: 'ws' }))
}

// A connection that breaks is not a crash.
function silent (socket) {
  return socket.on('error', () => {})
}

const take = require('./node.js')(wires, require('./wrtc.js'), tell)
readline.createInterface({ input: process.stdin }).on('line', line => take(JSON.parse(line))).on('close', () => process.exit())
tell({ event: 'ready' })
