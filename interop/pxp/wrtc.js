'use strict'
// @roamhq/wrtc as simple-peer 6 needs it.

const wrtc = require('@roamhq/wrtc')

class RTCPeerConnection extends wrtc.RTCPeerConnection {
  constructor (...options) {
    super(...options)
    // Its own answer is read by one thread while another adds candidates to it, and crashes now and then.
    Object.defineProperty(this._pc, 'localDescription', { get: () => this.mine })
  }

  setLocalDescription (description, ...callbacks) {
    this.mine = description
    return super.setLocalDescription(description, ...callbacks)
  }

  // simple-peer looks up the addresses of the pair that won, and dies if one is missing; it does
  // without when there are no statistics.
  getStats () {
    return Promise.resolve(new Map())
  }
}

module.exports = { ...wrtc, RTCPeerConnection }
