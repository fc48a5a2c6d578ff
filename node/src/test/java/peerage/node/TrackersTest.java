package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.announce.AnnounceRequest;
import peerage.announce.AnnounceResponse;
import peerage.announce.Progress;
import peerage.node.Trackers.Reply;
import peerage.peers.InfoHash;
import peerage.peers.PeerId;
import peerage.testkit.SelfSigned;

final class TrackersTest {
  private static final AnnounceResponse ANSWER =
      AnnounceResponse.Answer.of(Duration.ofMinutes(30), List.of());
  private static final Reply REPLY = new Reply(ANSWER, Optional.empty());

  @TempDir Path folder;

  @Test
  void anAddressThatIsSilentHoldsUpNoOther() throws Exception {
    var fastWasHeard = new CountDownLatch(1);
    var heard = new CopyOnWriteArrayList<Reply>();
    Trackers.askAll(
        List.of("silent", "fast"),
        address -> {
          if (address.equals("silent")) {
            waitFor(fastWasHeard);
            throw new TrackerFailure("silent");
          }
          return REPLY;
        },
        reply -> {
          heard.add(reply);
          fastWasHeard.countDown();
        });
    assertThat(heard).containsExactly(REPLY);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whenAllAddressesFailSoDoesTheTracker() {
    assertThatThrownBy(
            () ->
                Trackers.askAll(
                    List.of("a", "b"),
                    address -> {
                      throw new TrackerFailure(address);
                    },
                    _ -> {}))
        .isInstanceOf(TrackerFailure.class);
  }

  @Test
  void aTrackerIsAskedByHttps() throws Exception {
    SSLContext before = SSLContext.getDefault();
    SSLContext context = SelfSigned.of(folder, "ip:127.0.0.1").context();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/announce",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(ANSWER.encode());
          exchange.close();
        });
    server.start();
    SSLContext.setDefault(context);
    try (var client = new TrackerClient(null)) {
      var heard = new CopyOnWriteArrayList<Reply>();
      String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/announce";
      client.announce(url, request(), Duration.ofSeconds(20), heard::add);
      assertThat(heard).extracting(Reply::response).containsExactly(ANSWER);
    } finally {
      SSLContext.setDefault(before);
      server.stop(0);
    }
  }

  private static AnnounceRequest request() {
    return new AnnounceRequest(
        InfoHash.parse("aa".repeat(20)),
        PeerId.ours(new Random(1)),
        6881,
        new Progress(0, 0, 1),
        Optional.empty(),
        200,
        Optional.empty(),
        0);
  }
}
