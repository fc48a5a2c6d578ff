package peerage.webrtc;

import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelObserver;

/// Callbacks of a data channel. Messages go to the reader at once; their memory is the library's.
record ChannelEvents(RtcUpgrade upgrade, RtcChannel channel) implements RTCDataChannelObserver {
  @Override
  public void onBufferedAmountChange(long before) {
    // Never called by webrtc-java 0.14.0: the writer asks.
  }

  @Override
  public void onStateChange() {
    upgrade.later(upgrade::channelChanged);
  }

  @Override
  public void onMessage(RTCDataChannelBuffer message) {
    if (!channel.arrived(message.data)) {
      upgrade.later(upgrade::overflowed);
    }
  }
}
