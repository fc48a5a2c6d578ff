package peerage.webrtc;

import java.io.IOException;
import peerage.node.spi.PxpUpgrade;

/// Data channels of Google's WebRTC, by webrtc-java.
///
/// The library is native code; the JVM warns of it unless it runs with
/// `--enable-native-access=ALL-UNNAMED` (on the module path `=webrtc.java,peerage.webrtc`). Its
/// threads are no daemons: a JVM with an open engine does not end by itself.
public final class WebRtc implements PxpUpgrade {
  @Override
  public Engine open(Options options) throws IOException {
    if (options.exposure() != Exposure.ALL && options.iceServers().isEmpty()) {
      throw new IOException("Hiding this machine's addresses needs a STUN or TURN server.");
    }
    NativeLibrary.load();
    return new RtcEngine(options);
  }
}
