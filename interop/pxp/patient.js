'use strict'
// Makes WebRTC say a while later than it could that a channel which it created is open. A target
// with @roamhq/wrtc hands out messages in the wrong order if they come as soon as they can.

const PATIENCE_MS = 100

module.exports = wrtc => ({
  ...wrtc,
  RTCPeerConnection: class extends wrtc.RTCPeerConnection {
    createDataChannel (...options) {
      const channel = super.createDataChannel(...options)
      let opened
      channel.addEventListener('open', event => setTimeout(() => opened && opened(event), PATIENCE_MS))
      return Object.defineProperty(channel, 'onopen', { set: handler => { opened = handler }, get: () => undefined })
    }
  }
})
