package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.pxp.Transport;
import peerage.testkit.SelfSigned;

/// PXP over TLS.
@Timeout(120)
class PxpTlsTest {
  @TempDir static Path root;

  private final PxpNets nets = new PxpNets();

  private static PxpBuilder secure(String names) throws Exception {
    return PxpNets.quiet().tls(SelfSigned.of(root, names).context());
  }

  @Test
  void peersTalkOverTls() throws Exception {
    try (nets) {
      var server =
          nets.open(secure("ip:127.0.0.1").listen("tls://127.0.0.1:0").onConnect(PxpTlsTest::echo));
      var client = nets.open(secure("ip:127.0.0.1"));

      PxpPeer peer = client.network().connect(server.address());
      peer.output().write("hello".getBytes(UTF_8));
      peer.output().close();

      assertThat(peer.input().readAllBytes()).asString(UTF_8).isEqualTo("hello");
      assertThat(peer.transport()).isEqualTo(Transport.TLS);
    }
  }

  private static void echo(PxpPeer peer) throws java.io.IOException {
    peer.input().transferTo(peer.output());
    peer.output().close();
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    try (nets) {
      var server = nets.open(secure("dns:elsewhere.example").listen("tls://127.0.0.1:0"));
      var client = nets.open(secure("dns:elsewhere.example"));

      assertThatThrownBy(() -> client.network().connect(server.address()))
          .isInstanceOf(PxpException.class)
          .hasMessageContaining("check its certificate")
          .asInstanceOf(InstanceOfAssertFactories.type(PxpException.class))
          .extracting(PxpException::reason)
          .isEqualTo(PxpException.Reason.UNTRUSTED);
      assertThat(server.network().peers()).isEmpty();
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    try (nets) {
      var server = nets.open(secure("ip:127.0.0.1").listen("tls://127.0.0.1:0"));
      var client = nets.open(PxpNets.quiet());

      assertThatThrownBy(() -> client.network().connect(server.address()))
          .asInstanceOf(InstanceOfAssertFactories.type(PxpException.class))
          .extracting(PxpException::reason)
          .isEqualTo(PxpException.Reason.UNTRUSTED);
    }
  }

  @Test
  void listeningNeedsACertificate() {
    assertThatThrownBy(() -> PxpNets.quiet().listen("tls://127.0.0.1:0").open())
        .hasMessageContaining("certificate")
        .asInstanceOf(InstanceOfAssertFactories.type(PxpException.class))
        .extracting(PxpException::reason)
        .isEqualTo(PxpException.Reason.CANNOT_LISTEN);
  }

  @Test
  void whoSaysNothingDuringTheHandshakeHoldsUpNobodyAndIsClosed() throws Exception {
    try (nets) {
      var quick =
          new PxpAssembly.Bounds(
              new PxpTimes(
                  Duration.ofSeconds(2),
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(2),
                  Duration.ofSeconds(1),
                  Duration.ofMillis(1900)),
              PxpDoor.Limits.DEFAULT,
              1 << 28);
      var server = nets.open(secure("ip:127.0.0.1").listen("tls://127.0.0.1:0"), quick);
      var client = nets.open(secure("ip:127.0.0.1"));
      URI where = PxpNets.uri(server);
      try (var silent = new Socket()) {
        silent.connect(new InetSocketAddress(where.getHost(), where.getPort()));

        assertThat(client.network().connect(server.address()).isOpen()).isTrue();
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      }
    }
  }
}
