package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.security.KeyPairGenerator;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Addresses and other words of the builder.
class PxpUriTest {
  @ParameterizedTest
  @CsvSource({
    "tcp://:8000, 8000",
    "tcp://127.0.0.1:0, 0",
    "tcp://[::1]:8000, 8000",
    "ws://:8080/pxp, 8080",
    "wss://example.org/pxp, 0",
    "TCP://localhost:1, 1"
  })
  void placesToListenAt(String text, int port) {
    URI uri = PxpUri.toListenAt(text);

    assertThat(PxpUri.portOf(uri)).isEqualTo(port);
    assertThat(uri).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "8000", ":8000", "tcp:", "tcp://", "tcp://:99999", "tcp:// :1", "tcp://:x"})
  void whatIsNoPlaceToListenAtIsSaid(String text) {
    assertThatThrownBy(() -> Pxp.network("net").listen(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("looks like")
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "192.0.2.1:8000", "tcp://192.0.2.1", "tcp://:8000", "tcp://a b:1"})
  void whatCannotBeDialledIsSaid(String text) {
    assertThatThrownBy(() -> Pxp.network("net").bootstrap(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nonsenseIsRefusedAtOnce() {
    assertThatThrownBy(() -> Pxp.network("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Pxp.network("x".repeat(252)))
        .isInstanceOf(IllegalArgumentException.class);
    PxpBuilder builder = Pxp.network("net");
    assertThatThrownBy(() -> builder.keep(-1)).hasMessageContaining("keep");
    assertThatThrownBy(() -> builder.peersMax(0)).hasMessageContaining("peersMax");
    assertThatThrownBy(() -> builder.readerPause(Duration.ZERO))
        .hasMessageContaining("readerPause");
    assertThatThrownBy(
            () -> builder.identity(KeyPairGenerator.getInstance("X25519").generateKeyPair()))
        .hasMessageContaining("Ed25519");
  }
}
