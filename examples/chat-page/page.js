'use strict'
// A member of the chat room of ChatRoom.java, in a browser. It enters by WebSocket at the node that
// served it; that node introduces others, and the browsers then talk by WebRTC, also when the node
// is gone.
const Exchange = require('peer-exchange')
const { Duplex } = require('stream')

const WANTED = 8
const SEEN_MAX = 10000
const LINES_MAX = 200
const ASK_FIRST = 2000
const ASK_LAST = 60000
const PEOPLE = /^HELLO ([0-9a-f-]{8,40}) (.{1,40})$/
const LINE = /^SAY ([0-9a-f-]{8,40}) (.{1,2000})$/

const $ = (id) => document.getElementById(id)
const params = new URLSearchParams(location.hash.slice(1))
const me = randomId()
const members = new Map() // stream -> { peer, id, nick, transport }
const seen = new Set()
const lines = []
let pause = ASK_FIRST

$('nick').value = params.get('nick') || 'guest' + me.slice(0, 3)

// Without this, two public STUN servers would be asked for our address.
const exchange = new Exchange('chat-room', { rtcConfig: { iceServers: [] } })
exchange.on('connect', joined)
exchange.on('disconnect', show)
exchange.on('peerError', (err) => console.log('a peer was lost: ' + err.message))
exchange.on('error', (err) => console.log(err.message))

function enter () {
  const port = Number(location.port) + 1
  const socket = new WebSocket(params.get('ws') || 'ws://' + location.hostname + ':' + port + '/pxp')
  socket.binaryType = 'arraybuffer'
  let left = false
  const again = () => {
    if (!left) setTimeout(enter, 5000)
    left = true
    show()
  }
  socket.onclose = again
  socket.onopen = () => exchange.connect(streamOf(socket), (err) => { if (err) socket.close() })
}

// A WebSocket as the stream that peer-exchange wants.
function streamOf (socket) {
  const stream = new Duplex({
    read () {},
    write (chunk, _, done) {
      if (socket.readyState === WebSocket.OPEN) socket.send(chunk)
      done()
    },
    final (done) { socket.close(); done() },
    destroy (err, done) { socket.close(); done(err) }
  })
  socket.onmessage = (event) => stream.push(Buffer.from(event.data))
  socket.addEventListener('close', () => { stream.push(null); stream.destroy() })
  return stream
}

function joined (stream, peer) {
  const member = { peer, id: '', nick: '?', transport: peer && peer.socket && peer.socket._pc ? 'webrtc' : 'ws' }
  members.set(stream, member)
  stream.on('data', (data) => data.toString().split('\n').forEach((line) => hear(stream, member, line)))
  stream.on('error', () => {})
  stream.on('close', () => gone(stream))
  stream.on('end', () => gone(stream))
  stream.write('HELLO ' + me + ' ' + $('nick').value)
  lines.forEach((line) => stream.write(line))
  show()
}

function gone (stream) {
  members.delete(stream)
  pause = ASK_FIRST
  show()
}

function hear (stream, member, message) {
  const hello = PEOPLE.exec(message)
  if (hello) {
    member.id = hello[1]
    member.nick = hello[2]
    const twin = Array.from(members.values()).some((other) => other !== member && other.id === member.id)
    // A node may introduce whom we know. Of two connections one side closes the newer.
    if (twin && me < member.id) member.peer.close()
    show()
  } else if (LINE.test(message)) {
    say(message)
  }
}

// Keeps, shows and passes on a line that is new.
function say (message) {
  const parts = LINE.exec(message)
  if (!parts || seen.has(parts[1])) return
  seen.add(parts[1])
  if (seen.size > SEEN_MAX) seen.delete(seen.values().next().value)
  lines.push(message)
  if (lines.length > LINES_MAX) lines.shift()
  members.forEach((_, stream) => stream.write(message))
  const shown = document.createElement('p')
  shown.textContent = parts[2]
  $('lines').append(shown)
  shown.scrollIntoView()
}

// Asks for more peers: soon at first, then more and more rarely.
function ask () {
  const had = people()
  if (members.size > 0 && had < WANTED) {
    exchange.getNewPeer((err) => { if (err) console.log('no new peer: ' + err.message) })
  }
  setTimeout(() => {
    pause = people() > had ? ASK_FIRST : Math.min(pause * 2, ASK_LAST)
    ask()
  }, pause)
}

function people () {
  return new Set(Array.from(members.values()).map((member) => member.id)).size
}

function show () {
  $('state').textContent = members.size === 0
    ? 'connecting…'
    : 'connected to ' + people() + (people() === 1 ? ' member' : ' members')
  $('peers').replaceChildren(...Array.from(members.values()).map((member) => {
    const item = document.createElement('li')
    item.textContent = member.nick + ' (' + member.transport + ')'
    return item
  }))
}

function randomId () {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

$('form').onsubmit = (event) => {
  event.preventDefault()
  const text = $('text').value.trim()
  if (text) say('SAY ' + randomId() + ' ' + ($('nick').value.trim() || 'guest') + ': ' + text)
  $('text').value = ''
}

enter()
ask()
