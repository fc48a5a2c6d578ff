package peerage.webrtc;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.RTCSessionDescription;

/// Callbacks of writing our description.
record DescriptionEvents(RtcUpgrade upgrade) implements CreateSessionDescriptionObserver {
  @Override
  public void onSuccess(RTCSessionDescription description) {
    upgrade.later(() -> upgrade.described(description));
  }

  @Override
  public void onFailure(String error) {
    upgrade.later(() -> upgrade.fail("WebRTC makes no description: " + error));
  }
}
