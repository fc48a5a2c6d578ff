// webtorrent as a peer of one torrent over TCP; says "ready" once it has read what is on disk, and
// "complete".
//
// usage: node webtorrent_peer.mjs TORRENT FOLDER PORT UP_BYTES_PER_SECOND
import fs from 'node:fs'
import { register } from 'node:module'

// Its WebRTC comes as a binary that no package holds, and TCP needs none: these modules are empty here.
register('data:text/javascript,' + encodeURIComponent(`
  const names = ['RTCPeerConnection', 'RTCSessionDescription', 'RTCIceCandidate', 'RTCDataChannel', 'MediaStream']
  const source = names.map(name => 'export class ' + name + ' {}').join('; ') + '; export default {}'
  export async function resolve (name, context, next) {
    if (!/^(webrtc-polyfill|node-datachannel)/.test(name)) return next(name, context)
    return { url: 'data:text/javascript,' + encodeURIComponent(source), shortCircuit: true }
  }`))

const { default: WebTorrent } = await import('webtorrent')
const [file, folder, port, up] = process.argv.slice(2)
const client = new WebTorrent({
  dht: false, lsd: false, utp: false, natUpnp: false, natPmp: false, webSeeds: false, utPex: true,
  torrentPort: Number(port), uploadLimit: Number(up) || -1
})
const torrent = client.add(fs.readFileSync(file), { path: folder })
torrent.on('ready', () => console.log('ready'))
torrent.on('done', () => console.log('complete'))
client.on('error', error => { console.error(error); process.exit(1) })
torrent.on('warning', warning => console.error(String(warning)))
