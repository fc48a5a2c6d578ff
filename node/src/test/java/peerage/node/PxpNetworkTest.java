package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.PxpException.Reason;
import peerage.node.PxpNets.Net;
import peerage.pxp.Role;
import peerage.pxp.Transport;

/// PXP as applications see it, over loopback sockets.
@Timeout(120)
class PxpNetworkTest {
  @TempDir Path root;

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void assertFails(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PxpException.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  @Test
  void twoNodesTalk() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet());

      PxpPeer near = client.network().connect(server.address());
      PxpPeer far = server.await(PxpEvent.Joined.class).peer();
      near.output().write(bytes("hello\n"));
      near.output().close();
      far.output().write(bytes("hi\n"));
      far.output().close();

      assertThat(far.input().readAllBytes()).asString(UTF_8).isEqualTo("hello\n");
      assertThat(near.input().readAllBytes()).asString(UTF_8).isEqualTo("hi\n");
      assertThat(near.role()).isEqualTo(Role.CONNECT);
      assertThat(far.role()).isEqualTo(Role.ACCEPT);
      assertThat(near.transport()).isEqualTo(Transport.TCP);
      assertThat(near.remote()).hasToString("Optional[127.0.0.1]");
      assertThat(near.token()).contains(server.network().token());
      assertThat(client.network().peers()).containsExactly(near);
      assertThat(client.network().peer(near.ref())).contains(near);
    }
  }

  @Test
  void oneWriteIsOneMessage() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet());
      PxpPeer near = client.network().connect(server.address());
      PxpPeer far = server.await(PxpEvent.Joined.class).peer();

      near.send(bytes("one"));
      near.send(new byte[1 << 20]);
      near.output().write(bytes("three"));
      near.output().close();

      assertThat(far.receive()).hasValueSatisfying(m -> assertThat(m).isEqualTo(bytes("one")));
      assertThat(far.receive()).hasValueSatisfying(m -> assertThat(m).hasSize(1 << 20));
      assertThat(far.input().read()).isEqualTo('t');
      assertThat(far.receive()).hasValueSatisfying(m -> assertThat(m).isEqualTo(bytes("hree")));
      assertThat(far.receive()).isEmpty();
      assertThat(far.receive()).isEmpty();
      assertThatThrownBy(() -> near.send(new byte[0])).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> near.send(new byte[(1 << 20) + 1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> near.send(bytes("late"))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatWasWrittenBeforeClosingArrives() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet());
      PxpPeer near = client.network().connect(server.address());
      PxpPeer far = server.await(PxpEvent.Joined.class).peer();

      near.output().write(new byte[3_000_000]);
      near.close();

      assertThat(far.input().readAllBytes()).hasSize(3_000_000);
      assertThat(near.isOpen()).isFalse();
      server.await(PxpEvent.Left.class);
      client.await(PxpEvent.Left.class);
      assertThat(far.isOpen()).isFalse();
      assertThatThrownBy(() -> near.input().read()).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> far.output().write(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aStreamOfAnyKindIsAdopted() throws Exception {
    try (var nets = new PxpNets();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Net one = nets.open(PxpNets.quiet());
      Net other = nets.open(PxpNets.quiet());
      var toOther = new PipedOutputStream();
      var fromOne = new PipedInputStream(toOther);
      var toOne = new PipedOutputStream();
      var fromOther = new PipedInputStream(toOne);

      Future<PxpPeer> accepted =
          threads.submit(() -> other.network().adopt(fromOne, toOne, Role.ACCEPT));
      PxpPeer near = one.network().adopt(fromOther, toOther, Role.CONNECT);
      near.send(bytes("through a pipe"));

      assertThat(accepted.get().receive())
          .hasValueSatisfying(m -> assertThat(m).isEqualTo(bytes("through a pipe")));
      assertThat(near.transport()).isEqualTo(Transport.ADOPTED);
      assertThat(near.remote()).isEmpty();
    }
  }

  @Test
  void aNewPeerIsFoundThroughAnother() throws Exception {
    try (var nets = new PxpNets()) {
      Net middle = nets.open(PxpNets.listening());
      Net target = nets.open(PxpNets.listening().bootstrap(middle.address()));
      PxpNets.awaitPeers(target, 1);
      Net asker = nets.open(PxpNets.quiet());
      PxpPeer teller = asker.network().connect(middle.address());

      PxpPeer found = asker.network().newPeer();

      assertThat(found.token()).contains(target.network().token());
      assertThat(found.introducedBy()).contains(teller);
      assertThat(found.transport()).isEqualTo(Transport.TCP);
      found.send(bytes("hello"));
      PxpPeer far = target.await(PxpEvent.Joined.class).peer();
      assertThat(far.receive()).hasValueSatisfying(m -> assertThat(m).isEqualTo(bytes("hello")));
    }
  }

  @Test
  void aPeerThatListensNowhereIsReachedThroughTheRelay() throws Exception {
    try (var nets = new PxpNets()) {
      Net middle = nets.open(PxpNets.listening());
      Net target = nets.open(PxpNets.quiet().bootstrap(middle.address()));
      PxpNets.awaitPeers(target, 1);
      Net asker = nets.open(PxpNets.quiet());
      asker.network().connect(middle.address());

      PxpPeer found = asker.network().newPeer();
      PxpPeer far =
          target.await(PxpEvent.Joined.class, e -> e.peer().transport() == Transport.RELAY).peer();
      found.output().write(bytes("hello"));
      found.output().close();
      far.output().write(bytes("hi"));
      far.output().close();

      assertThat(found.transport()).isEqualTo(Transport.RELAY);
      assertThat(far.input().readAllBytes()).asString(UTF_8).isEqualTo("hello");
      assertThat(found.input().readAllBytes()).asString(UTF_8).isEqualTo("hi");
      middle.await(PxpEvent.RelayBegun.class);
      assertThat(middle.network().stats().relays()).isEqualTo(1);
    }
  }

  @Test
  void peersAreKept() throws Exception {
    try (var nets = new PxpNets()) {
      Net first = nets.open(PxpNets.listening());
      List<Net> others = new java.util.ArrayList<>();
      for (int i = 0; i < 4; i++) {
        others.add(nets.open(PxpNets.listening().bootstrap(first.address()).keep(3)));
      }

      for (Net net : others) {
        PxpNets.awaitPeers(net, 3);
      }
    }
  }

  @Test
  void theNextStartNeedsNoBootstrapNode() throws Exception {
    Path file = root.resolve("peers.db");
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet().bootstrap(server.address()).remember(file).keep(1));
      PxpNets.awaitPeers(client, 1);
      client.network().close();
      assertThat(Files.readString(file)).contains(server.address());

      Net again = nets.open(PxpNets.quiet().remember(file).keep(1));
      PxpNets.awaitPeers(again, 1);
    }
  }

  @Test
  void aHandlerThatThrowsClosesItsConnectionAloneAndIsReportedOnce() throws Exception {
    var calls = new AtomicInteger();
    try (var nets = new PxpNets()) {
      Net server =
          nets.open(
              PxpNets.listening()
                  .onConnect(
                      _ -> {
                        if (calls.incrementAndGet() == 1) {
                          throw new IllegalStateException("on purpose");
                        }
                      }));
      Net unlucky = nets.open(PxpNets.quiet());
      Net lucky = nets.open(PxpNets.quiet());

      PxpPeer gone = unlucky.network().connect(server.address());
      assertThat(gone.input().read()).isEqualTo(-1);
      PxpPeer stays = lucky.network().connect(server.address());

      var failed = server.await(PxpEvent.HandlerFailed.class);
      assertThat(failed.failure()).hasMessage("on purpose");
      PxpPeer far = server.await(PxpEvent.Joined.class).peer();
      far.send(bytes("still here"));
      assertThat(stays.receive()).isPresent();
      assertThat(server.events()).noneMatch(PxpEvent.HandlerFailed.class::isInstance);
    }
  }

  @Test
  void aHandlerThatLosesItsPeerIsNoFailure() throws Exception {
    try (var nets = new PxpNets()) {
      Net server =
          nets.open(PxpNets.listening().onConnect(peer -> peer.input().transferTo(peer.output())));
      Net client = nets.open(PxpNets.quiet());

      PxpPeer peer = client.network().connect(server.address());
      peer.send(bytes("echo"));
      assertThat(peer.receive()).isPresent();
      peer.close();
      server.await(PxpEvent.Left.class);

      assertThat(server.events()).noneMatch(PxpEvent.HandlerFailed.class::isInstance);
    }
  }

  @Test
  void failuresAreTyped() throws Exception {
    int free;
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = probe.getLocalPort();
    }
    try (var nets = new PxpNets();
        var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Net net = nets.open(PxpNets.listening());
      Net other = nets.open(Pxp.network("other").withoutWebRtc().listen("tcp://127.0.0.1:0"));

      assertFails(Reason.UNREACHABLE, () -> net.network().connect("tcp://127.0.0.1:" + free));
      assertFails(
          Reason.TIMED_OUT,
          () ->
              net.network()
                  .connect(
                      URI.create("tcp://127.0.0.1:" + deaf.getLocalPort()),
                      Duration.ofMillis(200)));
      assertFails(Reason.REFUSED, () -> net.network().connect(other.address()));
      assertFails(Reason.UNSUPPORTED, () -> net.network().connect("carrier-pigeon://coop:1"));
      assertFails(Reason.UNREACHABLE, () -> net.network().connect("tcp://no.such.invalid:1"));
      assertFails(Reason.NOBODY_TO_ASK, () -> net.network().newPeer());
      assertFails(Reason.CANNOT_LISTEN, () -> PxpNets.quiet().listen(net.address()).open().close());
      assertThatThrownBy(() -> net.network().connect("not an address"))
          .isInstanceOf(IllegalArgumentException.class);
      net.network().close();
      assertFails(Reason.CLOSED, () -> net.network().newPeer());
      assertFails(Reason.CLOSED, () -> net.network().connect(other.address()));
    }
  }

  @Test
  void nobodyKnownIsSaid() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet());
      client.network().connect(server.address());

      assertFails(Reason.NO_CANDIDATES, () -> client.network().newPeer());
    }
  }

  @Test
  void everyBlockingCallEndsWithAnInterrupt() throws Exception {
    try (var nets = new PxpNets();
        var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet());
      PxpPeer near = client.network().connect(server.address());

      assertInterruptible(
          InterruptedException.class,
          () -> client.network().connect("tcp://127.0.0.1:" + deaf.getLocalPort()));
      assertInterruptible(InterruptedException.class, () -> client.network().awaitClosed());
      assertInterruptible(
          InterruptedException.class,
          () ->
              client
                  .network()
                  .adopt(
                      new PipedInputStream(new PipedOutputStream()),
                      new PipedOutputStream(new PipedInputStream(100)),
                      Role.ACCEPT));
      assertInterruptible(InterruptedIOException.class, () -> near.input().read());
      assertInterruptible(InterruptedIOException.class, near::receive);
      assertInterruptible(
          InterruptedIOException.class,
          () -> {
            while (true) {
              near.output().write(new byte[1 << 20]);
            }
          });
    }
  }

  private static void assertInterruptible(Class<? extends Exception> kind, ThrowingCallable call)
      throws Exception {
    var outcome = new CompletableFuture<Throwable>();
    var begun = new CountDownLatch(1);
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  begun.countDown();
                  try {
                    call.call();
                    outcome.complete(new AssertionError("it returned"));
                  } catch (Throwable e) {
                    outcome.complete(e);
                  }
                });
    begun.await();
    thread.interrupt();
    assertThat(outcome.get(30, java.util.concurrent.TimeUnit.SECONDS)).isInstanceOf(kind);
  }

  @Test
  void twoNetworksLiveInOneProcess() throws Exception {
    try (var nets = new PxpNets()) {
      Net one = nets.open(Pxp.network("one").withoutWebRtc().listen("tcp://127.0.0.1:0"));
      Net two = nets.open(Pxp.network("two").withoutWebRtc().listen("tcp://127.0.0.1:0"));
      Net ones = nets.open(Pxp.network("one").withoutWebRtc());
      Net twos = nets.open(Pxp.network("two").withoutWebRtc());

      assertThat(ones.network().connect(one.address()).isOpen()).isTrue();
      assertThat(twos.network().connect(two.address()).isOpen()).isTrue();
      one.network().close();
      assertThat(two.network().peers()).hasSize(1);
    }
  }

  @Test
  void aListenerThatThrowsOrBlocksHoldsUpNoPeer() throws Exception {
    var block = new CountDownLatch(1);
    var seen = new LinkedBlockingQueue<PxpEvent>();
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      server
          .network()
          .onEvent(
              event -> {
                seen.add(event);
                try {
                  block.await();
                } catch (InterruptedException _) {
                  throw new IllegalStateException("interrupted");
                }
              });
      Net client = nets.open(PxpNets.quiet());

      PxpPeer peer = client.network().connect(server.address());
      seen.take();
      peer.close();
      assertThat(client.network().connect(server.address()).isOpen()).isTrue();
      block.countDown();
    }
  }

  @Test
  void withoutWebRtcItIsSaidOnce() throws Exception {
    try (var nets = new PxpNets()) {
      Net net = nets.open(Pxp.network("test"));

      var said = net.await(PxpEvent.Unavailable.class);
      assertThat(said.what()).isEqualTo("WebRTC");
      assertThat(said.why()).contains("peerage.webrtc");
    }
  }

  @Test
  void listeningOnAllAddressesSaysThePort() throws Exception {
    try (var nets = new PxpNets()) {
      Net net = nets.open(PxpNets.quiet().listen("tcp://:0", "tcp://127.0.0.1:0"));

      assertThat(net.network().listening()).hasSize(2);
      assertThat(net.network().listening().getFirst().toString()).matches("tcp://:[1-9][0-9]*");
    }
  }
}
