package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Networks for tests, on the loopback, without WebRTC; closing it closes them all and sees that no
/// thread is left.
final class PxpNets implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /// So that one address may do what an attacker with many can.
  private static final PxpDoor.Limits WIDE_OPEN =
      new PxpDoor.Limits(10_000, 10_000, 1_000_000, 1_000_000);

  private final List<Net> open = new ArrayList<>();

  /// One node and what happened to it.
  record Net(PxpNetwork network, BlockingQueue<PxpEvent> events, PxpAssembly parts) {
    /// Where it listens first.
    String address() {
      return network.listening().getFirst().toString();
    }

    /// Waits for the next event of a kind; others are passed over.
    <E extends PxpEvent> E await(Class<E> kind) throws InterruptedException {
      return await(kind, _ -> true);
    }

    <E extends PxpEvent> E await(Class<E> kind, Predicate<E> which) throws InterruptedException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        PxpEvent event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        assertThat(event).as("an event " + kind.getSimpleName()).isNotNull();
        if (kind.isInstance(event) && which.test(kind.cast(event))) {
          return kind.cast(event);
        }
      }
    }
  }

  static PxpBuilder listening() {
    return quiet().listen("tcp://127.0.0.1:0");
  }

  static PxpBuilder quiet() {
    return Pxp.network("test").withoutWebRtc();
  }

  /// What a node may use that lets everybody in.
  static PxpAssembly.Bounds wideOpen(InstantSource clock) {
    return bounds(WIDE_OPEN, clock);
  }

  static PxpAssembly.Bounds bounds(PxpDoor.Limits door, InstantSource clock) {
    return new PxpAssembly.Bounds(PxpTimes.DEFAULT, door, 1 << 28, clock);
  }

  Net open(PxpBuilder builder) throws PxpException {
    return open(builder, PxpAssembly.Bounds.standard());
  }

  Net open(PxpBuilder builder, PxpAssembly.Bounds bounds) throws PxpException {
    var events = new ArrayBlockingQueue<PxpEvent>(100_000);
    builder.onEvent(events::add);
    var parts = new PxpAssembly(builder, bounds);
    var net = new Net(new PxpNetwork(parts), events, parts);
    open.add(net);
    return net;
  }

  /// Waits until it has so many peers.
  static void awaitPeers(Net net, int count) throws InterruptedException {
    while (net.network().peers().size() < count) {
      net.await(PxpEvent.Joined.class);
    }
  }

  static URI uri(Net net) {
    return net.network().listening().getFirst();
  }

  @Override
  public void close() {
    for (Net net : open.reversed()) {
      net.network().close();
      assertNoThreadIsLeft(net);
    }
  }

  /// After closing. One that closed it from inside may go on a bit.
  static void assertNoThreadIsLeft(Net net) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (net.parts().threads() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(net.parts().threads()).as("threads that are left").isZero();
  }
}
