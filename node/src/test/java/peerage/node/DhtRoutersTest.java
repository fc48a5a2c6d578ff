package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// Names of routers, with a resolver of our own.
@Timeout(30)
final class DhtRoutersTest {
  private static final Set<Family> BOTH = EnumSet.allOf(Family.class);
  private static final PeerAddress ALIVE = address("192.0.2.1:6881");

  private final BlockingQueue<List<PeerAddress>> found = new LinkedBlockingQueue<>();

  @Test
  void aNameThatDoesNotResolveHoldsNobodyUp() throws Exception {
    resolve(List.of("dead.example:6881", "alive.example:6881"), BOTH);
    assertThat(found.take()).containsExactly(ALIVE);
  }

  @Test
  void aNameThatDoesNotAnswerHoldsNobodyUp() throws Exception {
    var answers = new CountDownLatch(1);
    var routers =
        new DhtRouters(
            List.of("silent.example:6881", "alive.example:6881"),
            BOTH,
            name -> {
              if (name.startsWith("silent")) {
                awaitQuietly(answers);
              }
              return known(name);
            });
    routers.resolve(found::add);
    assertThat(found.take()).containsExactly(ALIVE);
    answers.countDown();
  }

  @Test
  void eachAnswerComesWithThoseBeforeIt() throws Exception {
    resolve(List.of("198.51.100.7:1", "alive.example:6881"), BOTH);
    found.take();
    assertThat(found.take()).containsExactlyInAnyOrder(address("198.51.100.7:1"), ALIVE);
  }

  @Test
  void whatIsNoHostAndPortIsNotLookedUp() throws Exception {
    resolve(
        List.of("alive.example", "alive.example:0", "alive.example:65536", ":1", "dual.example:7"),
        Set.of(Family.V6));
    assertThat(found.take()).containsExactly(address("[2001:db8::1]:7"));
    assertThat(found.poll(100, TimeUnit.MILLISECONDS)).isNull();
  }

  private void resolve(List<String> hosts, Set<Family> families) {
    new DhtRouters(hosts, families, DhtRoutersTest::known).resolve(found::add);
  }

  private static InetAddress[] known(String name) throws UnknownHostException {
    InetAddress v4 = Addresses.toInet(ALIVE.ip());
    return switch (name) {
      case "alive.example" -> new InetAddress[] {v4};
      case "dual.example" ->
          new InetAddress[] {v4, Addresses.toInet(address("[2001:db8::1]:7").ip())};
      default -> throw new UnknownHostException(name);
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static PeerAddress address(String text) {
    return PeerAddress.parse(text).orElseThrow();
  }
}
