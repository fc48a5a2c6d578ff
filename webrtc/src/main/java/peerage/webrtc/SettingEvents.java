package peerage.webrtc;

import dev.onvoid.webrtc.SetSessionDescriptionObserver;

/// Callbacks of setting a description.
///
/// @param next what to do when it is set, on the engine's thread
record SettingEvents(RtcUpgrade upgrade, Runnable next) implements SetSessionDescriptionObserver {
  @Override
  public void onSuccess() {
    upgrade.later(next);
  }

  @Override
  public void onFailure(String error) {
    upgrade.later(() -> upgrade.fail("WebRTC does not take the description: " + error));
  }
}
