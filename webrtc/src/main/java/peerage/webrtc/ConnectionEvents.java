package peerage.webrtc;

import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCPeerConnectionState;

/// Callbacks of a connection: each leaves a task for the engine's thread.
record ConnectionEvents(RtcUpgrade upgrade) implements PeerConnectionObserver {
  @Override
  public void onIceCandidate(RTCIceCandidate candidate) {
    upgrade.later(() -> upgrade.found(candidate));
  }

  @Override
  public void onDataChannel(RTCDataChannel made) {
    upgrade.later(() -> upgrade.offered(made));
  }

  @Override
  public void onConnectionChange(RTCPeerConnectionState state) {
    upgrade.later(() -> upgrade.connectionChanged(state));
  }
}
