package peerage.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.spi.PxpWire;

final class TlsTest {
  private static final String PASSWORD = "nothing";
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

  /// A key and a certificate that signs itself, and trust in it.
  private SSLContext context(String name) throws Exception {
    Path file = folder.resolve("keys");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                "EC",
                "-dname",
                "CN=node",
                "-ext",
                "san=" + name,
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return context(file);
  }

  private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(file)) {
      keys.load(input, PASSWORD.toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD.toCharArray());
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }
}
