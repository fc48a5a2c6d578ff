package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.PxpNets.Net;

/// The program that shows PXP to those who read about it.
@Timeout(60)
class PxpExampleTest {
  @TempDir Path root;

  @Test
  void theProgramGreetsItsPeersAndPrintsWhatTheySay() throws Exception {
    var printed = new ByteArrayOutputStream();
    var out = new PrintStream(printed, true, UTF_8);
    var opened = new CompletableFuture<PxpNetwork>();
    try (var nets = new PxpNets()) {
      Net other = nets.open(Pxp.network("my-app").withoutWebRtc().listen("tcp://127.0.0.1:0"));
      Thread program = Thread.ofVirtual().start(() -> program(other.address(), out, opened));
      PxpPeer peer = other.await(PxpEvent.Joined.class).peer();
      assertThat(peer.receive())
          .hasValueSatisfying(m -> assertThat(m).asString(UTF_8).isEqualTo("hello\n"));
      peer.send("welcome\n".getBytes(UTF_8));
      peer.close();
      while (!printed.toString(UTF_8).equals("welcome\n")) {
        Thread.onSpinWait();
      }
      opened.get().close();
      program.join();
    }
  }

  private void program(String address, PrintStream out, CompletableFuture<PxpNetwork> opened) {
    try (var net =
        Pxp.network("my-app")
            .listen("tcp://:0")
            .bootstrap(address)
            .keep(8)
            .remember(root.resolve("peers.db"))
            .onConnect(
                c -> {
                  c.output().write("hello\n".getBytes(UTF_8));
                  c.input().transferTo(out);
                })
            .open()) {
      opened.complete(net);
      net.awaitClosed();
    } catch (PxpException | InterruptedException e) {
      opened.completeExceptionally(e);
    }
  }
}
