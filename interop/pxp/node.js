'use strict'
// What a peer-exchange node of these tests does, in Node.js and in a browser alike: it takes
// commands and tells what happens, each a JSON object. `docs/interop.md` lists both.

const Exchange = require('peer-exchange')
const patient = require('./patient.js')

const SHOWN = 4096 // of longer data only the size and the sum are told

module.exports = function (wires, wrtc, tell) {
  const nodes = new Map()

  return function take (command) {
    try {
      const node = nodes.get(command.as)
      if (command.do === 'join') nodes.set(command.as, join(command, command.patient ? patient(wrtc) : wrtc, fields => tell({ as: command.as, ...fields })))
      else if (!node) tell({ event: 'mistake', why: 'nobody is called ' + command.as })
      else if (command.do === 'listen') wires.listen(command.at, node.accept, uri => node.say('listening', { uri }))
      else if (command.do === 'connect') wires.connect(command.to, node.connect, why => node.failed('connect', why))
      else node[command.do](command)
    } catch (error) {
      tell({ event: 'mistake', why: error.stack })
    }
  }
}

function join ({ network, incoming }, wrtc, tell) {
  const say = (event, fields) => tell({ event, ...fields })
  const failed = (what, why) => say('failed', { what, why: String(why && why.message || why) })
  // Without an empty list it asks public STUN servers.
  const exchange = Exchange(network, { wrtc, rtcConfig: { iceServers: [] }, allowIncoming: incoming !== false })
  const streams = []

  // It tells the newcomer of a stream before or after that it is connected.
  function number (stream, peer) {
    if (!streams.includes(stream)) {
      const n = streams.push(stream) - 1
      say('stream', { stream: n, ...described(peer) })
      stream.on('data', data => say('data', { stream: n, ...shown(data) }))
      stream.on('end', () => say('end', { stream: n }))
      stream.on('error', error => say('broken', { stream: n, why: error.message }))
    }
    return streams.indexOf(stream)
  }

  const answer = what => (error, stream) => {
    if (error) failed(what, error)
    else say('done', { what, stream: number(stream, stream.pxpPeer) })
  }

  exchange.on('connect', number)
  exchange.on('disconnect', peer => say('gone', described(peer)))
  exchange.on('peerError', (error, peer) => say('trouble', { why: error.message, ...described(peer) }))
  exchange.on('error', error => say('trouble', { why: error.message }))

  return {
    say,
    failed,
    // Without a callback a wrong byte from the other side ends the process.
    accept: socket => exchange.accept(socket, error => error && failed('accept', error)),
    connect: socket => exchange.connect(socket, answer('connect')),
    'new-peer': () => exchange.getNewPeer(answer('new-peer')),
    send: ({ stream, text, size }) => streams[stream].write(text === undefined ? counted(size) : Buffer.from(text)),
    end: ({ stream }) => streams[stream].end(),
    peers: () => say('peers', { peers: exchange.peers.map(described) }),
    drop: () => exchange.peers.forEach(peer => peer.close()),
    close () {
      // It dies of an upgrade that is completed later.
      exchange.accept = exchange.connect = socket => socket.destroy()
      exchange.close()
      say('closed')
    }
  }
}

function described (peer) {
  if (!peer || peer.relayed) return { transport: 'relay', incoming: !!(peer && peer.incoming) }
  const socket = peer.socket
  const transport = socket._pc !== undefined ? 'webrtc' : socket.remotePort ? 'tcp' : socket.wire || 'gone'
  return { transport, incoming: !!peer.incoming }
}

function shown (data) {
  return { size: data.length, sum: sum(data), text: data.length < SHOWN ? data.toString() : undefined }
}

function counted (size) {
  return Buffer.from(Uint8Array.from({ length: size }, (_, i) => i * 31 + (i >> 8)))
}

// FNV-1a, 32 bits: enough to see that something was changed on the way.
function sum (data) {
  let hash = 0x811c9dc5
  for (const byte of data) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
