'use strict'
// @roamhq/wrtc as simple-peer 6 needs it.

const wrtc = require('@roamhq/wrtc')

class RTCPeerConnection extends wrtc.RTCPeerConnection {
  constructor (...options) {
    super(...options)
    // It reads its descriptions in one thread while another adds candidates to them, and crashes
    // now and then; simple-peer reads them with every candidate. These are not touched by others.
    Object.defineProperty(this._pc, 'localDescription', { get: () => this.ours })
    Object.defineProperty(this._pc, 'remoteDescription', { get: () => this.theirs })
    this.addEventListener('datachannel', event => guarded(event.channel))
  }

  createDataChannel (...options) {
    return guarded(super.createDataChannel(...options))
  }

  setLocalDescription (description, done, failed) {
    this.ours = description
    return super.setLocalDescription(description).then(done, failed)
  }

  setRemoteDescription (description, done, failed) {
    return super.setRemoteDescription(description).then(() => {
      this.theirs = description
      if (done) done()
    }, failed)
  }

  // simple-peer looks up the addresses of the pair that won, and dies if one is missing; it does
  // without when there are no statistics.
  getStats () {
    return Promise.resolve(new Map())
  }
}

// Sending on a channel that is closed by now would be a crash; that it is, is told a moment later.
function guarded (channel) {
  const send = channel.send
  channel.send = data => {
    try {
      if (channel.readyState === 'open') send.call(channel, data)
    } catch {
      // closed in between
    }
  }
  return channel
}

module.exports = { ...wrtc, RTCPeerConnection }
