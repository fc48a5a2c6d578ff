package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import peerage.node.PxpNets.Net;

/// Many nodes in one process.
@Timeout(180)
class PxpCrowdTest {
  private static final int NODES = 200;

  @Test
  void oneNodeServesTwoHundredPeers() throws Exception {
    var greeted = new CountDownLatch(NODES);
    try (var nets = new PxpNets()) {
      Net server =
          nets.open(PxpNets.listening().onConnect(peer -> peer.input().transferTo(peer.output())));
      for (int i = 0; i < NODES; i++) {
        Net client =
            nets.open(
                PxpNets.quiet()
                    .onConnect(
                        peer -> {
                          peer.send("hello".getBytes(UTF_8));
                          if (peer.receive().isPresent()) {
                            greeted.countDown();
                          }
                        }));
        client.network().connect(server.address());
      }

      greeted.await();
      assertThat(server.network().peers()).hasSize(NODES);
    }
  }
}
