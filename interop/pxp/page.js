'use strict'
// peer-exchange nodes in a browser: whoever drives it calls `take` and is called by `tell`, both
// with JSON. How the nodes behave is in `node.js`.

const { Duplex } = require('stream')

const tell = fields => window.tell(JSON.stringify(fields))
window.onerror = message => tell({ event: 'crash', why: String(message) })
window.onunhandledrejection = event => tell({ event: 'crash', why: String(event.reason && event.reason.message) })

const wires = {
  listen () {
    throw new Error('a browser cannot listen')
  },

  connect (to, connected, failed) {
    const socket = new WebSocket(to)
    socket.binaryType = 'arraybuffer'
    socket.onerror = () => failed('no WebSocket to ' + to)
    socket.onopen = () => connected(stream(socket))
  }
}

function stream (socket) {
  const duplex = new Duplex({
    read () {},
    write (data, encoding, done) {
      if (socket.readyState === WebSocket.OPEN) socket.send(data)
      done()
    },
    final (done) {
      socket.close()
      done()
    },
    destroy (error, done) {
      socket.close()
      done(error)
    }
  })
  socket.onmessage = event => duplex.push(Buffer.from(event.data))
  socket.onclose = () => { duplex.push(null); duplex.destroy() }
  return Object.assign(duplex, { wire: 'ws' })
}

const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = window
const wrtc = { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate }
const take = require('./node.js')(wires, wrtc, tell)
window.take = line => take(JSON.parse(line))
tell({ event: 'ready' })
