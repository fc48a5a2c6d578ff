package peerage.node;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import peerage.pxp.NetworkId;
import peerage.pxp.PeerRef;
import peerage.pxp.Role;

/// Our part in one network: its peers, and how to get more. Thread-safe.
///
/// Blocking calls are interruptible, and end when the network is closed.
public final class PxpNetwork implements AutoCloseable {
  PxpNetwork() {}

  /// Which network.
  public NetworkId id() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Connects to a node, within ten seconds.
  ///
  /// @param uri such as `tcp://192.0.2.7:8000`, `tls://…`, `ws://…`, `wss://…`
  /// @throws IllegalArgumentException if it is no such address
  /// @throws PxpException if it does not become a peer
  /// @throws InterruptedException if interrupted; the attempt is given up
  public PxpPeer connect(String uri) throws PxpException, InterruptedException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Connects to a node.
  ///
  /// @param within how long it may take until it is a peer
  /// @throws IllegalArgumentException if it is no such address, or no time
  /// @throws PxpException if it does not become a peer
  /// @throws InterruptedException if interrupted; the attempt is given up
  public PxpPeer connect(URI uri, Duration within) throws PxpException, InterruptedException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Makes a peer of whoever is at the other end of a byte stream, over whatever it runs. The
  /// streams belong to the network from now on, which closes them, also if this fails.
  ///
  /// @param role of two ends one must [Role#CONNECT] and the other [Role#ACCEPT]
  /// @throws PxpException if it does not become a peer
  /// @throws InterruptedException if interrupted; the streams are closed
  public PxpPeer adopt(InputStream in, OutputStream out, Role role)
      throws PxpException, InterruptedException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Gets one peer more, by asking those that are connected, within thirty seconds.
  ///
  /// @throws PxpException if there is none
  /// @throws InterruptedException if interrupted; the search is given up
  public PxpPeer newPeer() throws PxpException, InterruptedException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Gets one peer more, by asking those that are connected.
  ///
  /// @param within how long it may take; it never takes longer than thirty seconds
  /// @throws PxpException if there is none
  /// @throws InterruptedException if interrupted; the search is given up
  public PxpPeer newPeer(Duration within) throws PxpException, InterruptedException {
    throw new UnsupportedOperationException("not yet");
  }

  /// From now on, looks for peers while there are fewer.
  ///
  /// @param peers 0 to look for none
  public void keep(int peers) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The peers that are connected now, the one first that joined first.
  public List<PxpPeer> peers() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The peer that events call by this name, if it is connected.
  public Optional<PxpPeer> peer(PeerRef ref) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Where we listen, in the order of the builder's calls, with the ports that were taken.
  public List<URI> listening() {
    throw new UnsupportedOperationException("not yet");
  }

  /// What was moved so far, and is held now.
  public PxpStats stats() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Has the listener called for everything that happens from now on, one event after the other, on
  /// one thread for all listeners. If they fall far behind, they miss events
  /// ([PxpStats#eventsLost]).
  ///
  /// @return closing it ends the calls
  public Subscription onEvent(Consumer<PxpEvent> listener) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Waits until [#close()] was called.
  ///
  /// @throws InterruptedException if interrupted
  public void awaitClosed() throws InterruptedException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Leaves the network: what was written is still sent if the other side takes it soon, handlers
  /// are interrupted, blocking calls end, and what was reached is remembered. Takes two seconds at
  /// most; twice is once.
  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }

  /// A listener that is being called.
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
