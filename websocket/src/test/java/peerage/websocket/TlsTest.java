package peerage.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.spi.PxpWire;
import peerage.testkit.SelfSigned;

final class TlsTest {
  private static final Duration WITHIN = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void streamsAreEqualOverTls() throws Exception {
    byte[] content = new byte[5_000_000];
    new Random(1).nextBytes(content);
    try (Wire wire = new Wire(context("ip:127.0.0.1"), WITHIN);
        ByteChannel left = wire.connect();
        ByteChannel right = wire.accept()) {
      var writer = Thread.startVirtualThread(() -> Wire.write(left, content));
      assertThat(Wire.read(right, content.length)).isEqualTo(content);
      writer.join();
      var answer = Thread.startVirtualThread(() -> Wire.write(right, content));
      assertThat(Wire.read(left, content.length)).isEqualTo(content);
      answer.join();
      Wire.shut(left);
      assertThat(right.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    try (Wire wire = new Wire(context("dns:other.example"), WITHIN)) {
      assertThatThrownBy(wire::connect)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1");
      assertThat(wire.accepted).isEmpty();
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    try (Wire wire = new Wire(context("ip:127.0.0.1"), WITHIN)) {
      var options = new PxpWire.Options(WITHIN, Optional.empty());
      assertThatThrownBy(() -> new WebSockets().connect(wire.uri("127.0.0.1", "/pxp"), options))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("PKIX");
    }
  }

  @Test
  void whoSpeaksNoTlsIsClosed() throws Exception {
    try (Wire wire = new Wire(context("ip:127.0.0.1"), WITHIN);
        var socket = wire.say("GET /pxp HTTP/1.1", "Host: x")) {
      socket.getInputStream().readAllBytes();
    }
  }

  private SSLContext context(String names) throws Exception {
    return SelfSigned.of(folder, names).context();
  }
}
