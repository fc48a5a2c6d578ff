package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.PxpNets.Net;
import peerage.pxp.Role;

/// Leaving a network, whatever is under way.
@Timeout(60)
class PxpCloseTest {
  /// What is promised, and what a busy machine may take in addition.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2).plusMillis(500);

  @TempDir Path root;

  private static void assertClosesInTime(Net net) {
    long start = System.nanoTime();
    net.network().close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CLOSE_MAX);
    PxpNets.assertNoThreadIsLeft(net);
  }

  private static CompletableFuture<Throwable> failureOf(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    var outcome = new CompletableFuture<Throwable>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                call.call();
                outcome.complete(new AssertionError("it returned"));
              } catch (Throwable e) {
                outcome.complete(e);
              }
            });
    return outcome;
  }

  @Test
  void everyBlockingCallEnds() throws Exception {
    try (var nets = new PxpNets();
        var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet());
      PxpPeer peer = client.network().connect(server.address());
      var connecting =
          failureOf(() -> client.network().connect("tcp://127.0.0.1:" + deaf.getLocalPort()));
      var adopting =
          failureOf(
              () ->
                  client
                      .network()
                      .adopt(
                          new PipedInputStream(new PipedOutputStream()),
                          new PipedOutputStream(new PipedInputStream(100)),
                          Role.CONNECT));
      var reading = failureOf(() -> peer.input().read());
      var writing =
          failureOf(
              () -> {
                while (true) {
                  peer.output().write(new byte[1 << 20]);
                }
              });
      var awaiting = CompletableFuture.runAsync(() -> awaitClosed(client.network()));

      assertClosesInTime(client);

      for (var outcome : java.util.List.of(connecting, adopting, reading, writing)) {
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      }
      awaiting.get(10, TimeUnit.SECONDS);
    }
  }

  private static void awaitClosed(PxpNetwork network) {
    try {
      network.awaitClosed();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @RepeatedTest(5)
  void handlersAreInterrupted() throws Exception {
    var blocked = new CountDownLatch(3);
    var interrupted = new CountDownLatch(3);
    try (var nets = new PxpNets()) {
      Net server =
          nets.open(
              PxpNets.listening()
                  .onConnect(
                      _ -> {
                        blocked.countDown();
                        try {
                          new CountDownLatch(1).await();
                        } finally {
                          interrupted.countDown();
                        }
                      }));
      for (int i = 0; i < 3; i++) {
        nets.open(PxpNets.quiet()).network().connect(server.address());
      }
      blocked.await();

      assertClosesInTime(server);
      assertThat(interrupted.await(1, TimeUnit.SECONDS)).isTrue();
      assertThat(server.events()).noneMatch(PxpEvent.HandlerFailed.class::isInstance);
    }
  }

  @RepeatedTest(5)
  void trafficThatFlowsAndWaitsIsEnded() throws Exception {
    try (var nets = new PxpNets()) {
      Net server =
          nets.open(PxpNets.listening().onConnect(peer -> peer.input().transferTo(peer.output())));
      Net client = nets.open(PxpNets.quiet().onConnect(PxpCloseTest::writeOnAndOn));
      client.network().connect(server.address());
      Net another = nets.open(PxpNets.quiet().onConnect(PxpCloseTest::writeOnAndOn));
      another.network().connect(server.address());

      assertClosesInTime(client);
      assertClosesInTime(server);
    }
  }

  private static void writeOnAndOn(PxpPeer peer) throws IOException {
    while (true) {
      peer.output().write(new byte[100_000]);
    }
  }

  @Test
  void closingTwiceAtTheSameTimeAndFromInsideIsClosingOnce() throws Exception {
    try (var nets = new PxpNets()) {
      var itself = new AtomicReference<PxpNetwork>();
      var closedInside = new CompletableFuture<Boolean>();
      Net server =
          nets.open(
              PxpNets.listening()
                  .onConnect(
                      _ -> {
                        itself.get().close();
                        closedInside.complete(true);
                      }));
      itself.set(server.network());
      Net client = nets.open(PxpNets.quiet());
      client.network().connect(server.address());

      assertThat(closedInside.get(10, TimeUnit.SECONDS)).isTrue();
      server.network().awaitClosed();
      assertClosesInTime(server);
      server.network().close();
      assertThat(server.network().peers()).isEmpty();
    }
  }

  @Test
  void aListenerMayCloseTheNetwork() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      server.network().onEvent(_ -> server.network().close());
      Net client = nets.open(PxpNets.quiet());
      client.network().connect(server.address());

      server.network().awaitClosed();
    }
  }

  @Test
  void bootstrapNodesThatDoNotAnswerDelayNothing() throws Exception {
    try (var nets = new PxpNets();
        var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String where = "tcp://127.0.0.1:" + deaf.getLocalPort();
      Net net = nets.open(PxpNets.quiet().bootstrap(where, "tcp://no.such.invalid:1").keep(3));
      deaf.accept().close();

      assertClosesInTime(net);
    }
  }

  @Test
  void theOtherSideIsTold() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet());
      PxpPeer near = client.network().connect(server.address());
      near.send(new byte[] {1, 2, 3});
      PxpPeer far = server.await(PxpEvent.Joined.class).peer();

      client.network().close();

      assertThat(far.input().readAllBytes()).hasSize(3);
      server.await(PxpEvent.Left.class);
      client.await(PxpEvent.Left.class);
      assertThatThrownBy(() -> near.output().write(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void noThreadIsLeftInTheProcess() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet().bootstrap(server.address()).keep(2));
      PxpNets.awaitPeers(client, 1);
      assertThat(threads()).contains("pxp loop").contains("pxp read").contains("pxp listen");
    }
    assertThat(threads()).doesNotContain("pxp");
  }

  /// Virtual threads, too.
  private String threads() throws Exception {
    Path dump = root.resolve("threads-" + System.nanoTime() + ".json");
    var server = ManagementFactory.getPlatformMBeanServer();
    server.invoke(
        new javax.management.ObjectName("com.sun.management:type=HotSpotDiagnostic"),
        "dumpThreads",
        new Object[] {dump.toString(), "JSON"},
        new String[] {String.class.getName(), String.class.getName()});
    return Files.readString(dump);
  }
}
