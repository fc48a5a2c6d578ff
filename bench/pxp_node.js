'use strict'
// A peer-exchange node in Node.js that `pxp.py` drives as it drives `peerage.bench.PxpNode`.
//
// usage: node --expose-gc pxp_node.js tcp|webrtc LISTEN|- [COMMAND...]
// It needs what `npm ci` installs in `interop/pxp`.

const fs = require('fs')
const net = require('net')
const path = require('path')
const readline = require('readline')
const need = require('module').createRequire(path.join(__dirname, '../interop/pxp/package.json'))
const Exchange = need('peer-exchange')

const [mode, listen, ...first] = process.argv.slice(2)
const BLOCK = 64 * 1024
const AT_ONCE = 16
const PER_ADDRESS = 200
const say = fields => fs.writeSync(1, JSON.stringify(fields) + '\n')
const now = () => Number(process.hrtime.bigint()) / 1e6
process.on('uncaughtException', error => say({ event: 'crash', why: error.message }))
process.on('unhandledRejection', error => say({ event: 'crash', why: String(error) }))

// Without WebRTC it still wants something to be there.
const wrtc = mode === 'webrtc' ? need('./wrtc.js') : { RTCPeerConnection: function () {}, RTCSessionDescription: function () {}, RTCIceCandidate: function () {} }
const exchange = Exchange('bench', { wrtc, rtcConfig: { iceServers: [] } })
const streams = new Set()
let latest
let heard = 0
let ponged = () => {}

exchange.on('connect', stream => {
  streams.add(stream)
  let bytes = 0
  let begun
  stream.on('data', data => {
    begun = begun || now()
    bytes += data.length
    heard += data.length
    if (mode === 'echo') stream.write(data)
    ponged()
  })
  stream.on('end', () => { if (bytes) say({ event: 'end', bytes, seconds: (now() - begun) / 1000 }) })
  stream.on('close', () => streams.delete(stream))
  stream.on('error', () => {})
})
exchange.on('error', () => {})
exchange.on('peerError', () => {})

const commands = {
  connect (done, at, count = '1', from) {
    const [host, port] = at.split(':')
    const start = now()
    let begun = 0
    let left = Number(count)
    // Those who accept take so many of one address, and few that are not peers yet.
    const another = () => {
      if (begun === Number(count)) return
      const localAddress = from && from + (1 + Math.floor(begun / PER_ADDRESS))
      begun++
      const socket = net.connect({ host, port: Number(port), localAddress, noDelay: true })
      socket.on('error', error => say({ event: 'trouble', why: error.message }))
      socket.once('connect', () => exchange.connect(socket, (error, stream) => {
        if (error) return say({ event: 'trouble', why: error.message })
        latest = stream
        if (--left === 0) done({ event: 'connected', ms: now() - start })
        another()
      }))
    }
    for (let i = 0; i < AT_ONCE; i++) another()
  },

  'new-peer' (done) {
    const start = now()
    exchange.getNewPeer((error, stream) => {
      const ms = now() - start
      if (error) return done({ event: 'new-peer', failed: error.message })
      latest = stream
      done({ event: 'new-peer', ms, transport: stream.pxpPeer && stream.pxpPeer.socket._pc !== undefined ? 'webrtc' : 'relay' })
    })
  },

  send (done, bytes) {
    let left = Number(bytes)
    const block = Buffer.alloc(BLOCK)
    const more = () => {
      while (left > 0) {
        left -= BLOCK
        if (latest.write(block) === false && left > 0) return latest.once('drain', more)
      }
      latest.end()
      done({ event: 'sent' })
    }
    more()
  },

  ping (done) {
    const start = now()
    const goal = heard + streams.size
    const peers = streams.size
    ponged = () => {
      if (heard < goal) return
      ponged = () => {}
      done({ event: 'pinged', peers, ms: now() - start })
    }
    for (const stream of streams) stream.write(Buffer.alloc(1))
  },

  part (done) {
    for (const peer of exchange.peers.slice()) peer.close()
    streams.clear()
    setTimeout(() => done({ event: 'parted' }), 20)
  },

  memory (done) {
    global.gc()
    const { heapUsed, external, rss } = process.memoryUsage()
    done({ event: 'memory', heap: heapUsed + external, rss })
  },

  quit () { process.exit() }
}

const waiting = first.slice()
let busy = true
function next () {
  busy = waiting.length > 0
  if (!busy) return
  const [name, ...words] = waiting.shift().split(' ')
  commands[name](answer => { say(answer); next() }, ...words)
}

const server = net.createServer({ noDelay: true }, socket => {
  socket.on('error', () => {})
  exchange.accept(socket, error => error && say({ event: 'trouble', why: error.message }))
})
const ready = () => { say({ event: 'ready', port: listen === '-' ? 0 : server.address().port }); next() }
if (listen === '-') ready()
else server.listen(Number(listen.split(':')[1]), listen.split(':')[0], ready)
readline.createInterface({ input: process.stdin }).on('line', line => { waiting.push(line); if (!busy) next() }).on('close', () => process.exit())
