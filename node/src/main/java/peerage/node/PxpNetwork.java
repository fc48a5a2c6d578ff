package peerage.node;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import peerage.pxp.Endpoint;
import peerage.pxp.Exchange;
import peerage.pxp.NetworkId;
import peerage.pxp.PeerRef;
import peerage.pxp.Role;
import peerage.pxp.Route;
import peerage.pxp.Transport;

/// Our part in one network: its peers, and how to get more. Thread-safe.
///
/// Blocking calls are interruptible, and end when the network is closed.
public final class PxpNetwork implements AutoCloseable {
  /// How long until what was reached is written down, so that a burst is written once (guess).
  static final Duration MEMORY_DELAY = Duration.ofSeconds(5);

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  /// Longer, as the other end may begin later (guess).
  private static final Duration ADOPT_LIMIT = Duration.ofSeconds(20);

  private static final Duration SEARCH_LIMIT = Duration.ofSeconds(30); // the machine's own

  private final PxpAssembly parts;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  PxpNetwork(PxpAssembly parts) {
    this.parts = parts;
  }

  /// Which network.
  public NetworkId id() {
    return parts.id();
  }

  /// Our random number of this run, 32 hex digits, by which others know us again.
  public String token() {
    return parts.token();
  }

  /// Connects to a node, within ten seconds.
  ///
  /// @param uri such as `tcp://192.0.2.7:8000`, `tls://…`, `ws://…`, `wss://…`
  /// @throws IllegalArgumentException if it is no such address
  /// @throws PxpException if it does not become a peer
  /// @throws InterruptedException if interrupted; the attempt is given up
  public PxpPeer connect(String uri) throws PxpException, InterruptedException {
    return connect(PxpUri.toDial(uri).uri(), CONNECT_LIMIT);
  }

  /// Connects to a node.
  ///
  /// @param within how long it may take until it is a peer
  /// @throws IllegalArgumentException if it is no such address, or no time
  /// @throws PxpException if it does not become a peer
  /// @throws InterruptedException if interrupted; the attempt is given up
  public PxpPeer connect(URI uri, Duration within) throws PxpException, InterruptedException {
    URI where = new Endpoint(uri).uri();
    requirePositive(within);
    ensureOpen();
    var arrival = new PxpArrival();
    Thread dial = parts.loop().dials().connect(where, within, arrival);
    try {
      return arrival.await(within);
    } catch (TimeoutException _) {
      throw new PxpException(
          PxpException.Reason.TIMED_OUT,
          "nobody became a peer at " + where + " in time: is a node of this network there?");
    } finally {
      arrival.cancel();
      dial.interrupt();
    }
  }

  /// Makes a peer of whoever is at the other end of a byte stream, over whatever it runs. The
  /// streams belong to the network from now on, which closes them, also if this fails.
  ///
  /// @param role of two ends one must [Role#CONNECT] and the other [Role#ACCEPT]
  /// @throws PxpException if it does not become a peer within twenty seconds
  /// @throws InterruptedException if interrupted; the streams are closed
  public PxpPeer adopt(InputStream in, OutputStream out, Role role)
      throws PxpException, InterruptedException {
    var arrival = new PxpArrival();
    var route = new Route(Transport.ADOPTED, Optional.empty());
    parts.loop().links().arrive(StreamChannel.of(in, out), role, route, arrival);
    try {
      return arrival.await(ADOPT_LIMIT);
    } catch (TimeoutException _) {
      throw new PxpException(
          PxpException.Reason.TIMED_OUT,
          "nobody became a peer at the other end of the stream in time: does one end connect, and"
              + " the other accept?");
    } finally {
      arrival.cancel();
    }
  }

  /// Gets one peer more, by asking those that are connected, within thirty seconds.
  ///
  /// @throws PxpException if there is none
  /// @throws InterruptedException if interrupted; the search is given up
  public PxpPeer newPeer() throws PxpException, InterruptedException {
    return newPeer(SEARCH_LIMIT);
  }

  /// Gets one peer more, by asking those that are connected.
  ///
  /// @param within how long it may take; it never takes longer than thirty seconds
  /// @throws PxpException if there is none
  /// @throws InterruptedException if interrupted; the search is given up
  public PxpPeer newPeer(Duration within) throws PxpException, InterruptedException {
    requirePositive(within);
    var arrival = new PxpArrival();
    int request = parts.loop().seeks().begin(arrival);
    try {
      return arrival.await(within);
    } catch (TimeoutException _) {
      throw PxpSeeks.failure(Exchange.SeekFailure.TIMED_OUT);
    } finally {
      parts.loop().seeks().end(request);
    }
  }

  private static void requirePositive(Duration within) {
    if (!within.isPositive()) {
      throw new IllegalArgumentException("a time limit is positive, not " + within);
    }
  }

  private void ensureOpen() throws PxpException {
    if (closing.get()) {
      throw new PxpException(PxpException.Reason.CLOSED, PxpLoop.CLOSED);
    }
  }

  /// From now on, looks for peers while there are fewer.
  ///
  /// @param peers 0 to look for none
  public void keep(int peers) {
    if (peers < 0) {
      throw new IllegalArgumentException("keep is 0 or more, not " + peers);
    }
    PxpLoop loop = parts.loop();
    loop.post(() -> loop.handle(new Exchange.Input.TargetChanged(peers)));
  }

  /// The peers that are connected now, the one first that joined first.
  public List<PxpPeer> peers() {
    return parts.loop().peers().all();
  }

  /// The peer that events call by this name, if it is connected.
  public Optional<PxpPeer> peer(PeerRef ref) {
    return parts.loop().peers().get(ref);
  }

  /// Where we listen, in the order of the builder's calls, with the ports that were taken.
  public List<URI> listening() {
    return parts.listening().addresses();
  }

  /// What was moved so far, and is held now.
  public PxpStats stats() {
    return parts.stats();
  }

  /// Has the listener called for everything that happens from now on, one event after the other, on
  /// one thread for all listeners. If they fall far behind, they miss events
  /// ([PxpStats#eventsLost]).
  ///
  /// @return closing it ends the calls
  public Subscription onEvent(Consumer<PxpEvent> listener) {
    return parts.events().subscribe(listener);
  }

  /// Waits until it is closed.
  ///
  /// @throws InterruptedException if interrupted
  public void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /// Leaves the network: what was written is still sent if the other side takes it soon, handlers
  /// are interrupted, blocking calls end, and what was reached is remembered. Takes two seconds at
  /// most; twice is once.
  @Override
  public void close() {
    if (!closing.getAndSet(true)) {
      parts.close();
      closed.countDown();
    } else if (!parts.isOwnThread()) { // which the first call may be waiting for
      awaitOtherClose();
    }
  }

  private void awaitOtherClose() {
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// A listener that is being called.
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
