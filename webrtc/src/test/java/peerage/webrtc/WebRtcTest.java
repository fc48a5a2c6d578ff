package peerage.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import peerage.node.spi.PxpUpgrade;

final class WebRtcTest {
  @Test
  void isFoundOnTheClassPath() {
    assertThat(ServiceLoader.load(PxpUpgrade.class)).hasExactlyElementsOfTypes(WebRtc.class);
  }

  @Test
  void aMissingLibraryOfTheSystemIsNamed() {
    var said =
        new UnsatisfiedLinkError(
            "/tmp/libwebrtc-java1.so: libpulse.so.0: cannot open shared object file: No such file"
                + " or directory");
    assertThat(NativeLibrary.sentence(new ExceptionInInitializerError(new RuntimeException(said))))
        .isEqualTo("WebRTC needs the system's library libpulse.so.0, which is not installed.");
  }

  @Test
  void aMachineWithoutANativePartIsNamed() {
    var error = new ExceptionInInitializerError(new RuntimeException(new NullPointerException()));
    assertThat(NativeLibrary.sentence(error))
        .startsWith(
            "WebRTC has no native library for this machine (" + System.getProperty("os.name"));
  }
}
