package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import peerage.peers.PeerAddress;

/// Keeps the swarms of one process from being turned on one victim: of all addresses that only
/// hearsay knows, each host is dialled once in [#WINDOW], whatever the torrent and the port. On the
/// loopback network, where all have one address, each endpoint.
///
/// An endpoint that answered with a handshake of the torrent is a peer and no victim: it may be
/// dialled for other torrents at once. Not thread-safe.
public final class DialGuard {
  /// The project's bar: a victim gets at most one dial in ten minutes.
  public static final Duration WINDOW = Duration.ofMinutes(10);

  /// Hosts remembered. Whoever is beyond that waits: it also bounds hearsay dials of the whole
  /// process to 16 a second over time (libtorrent's 30 a second include all it knows).
  public static final int MAX_HOSTS = 10_000;

  /// Endpoints remembered that answered (guess).
  private static final int MAX_ANSWERED = 2_000;

  private final LinkedHashMap<Network, Instant> dialled = new LinkedHashMap<>();
  private final LinkedHashMap<PeerAddress, Instant> answered = new LinkedHashMap<>();

  /// Asks for a dial to an address that only hearsay knows.
  ///
  /// @param now monotonic
  /// @return empty if it may be dialled, and then that is taken down; else when to ask again
  public Optional<Instant> heldBackUntil(PeerAddress address, Instant now) {
    forget(now);
    if (answered.containsKey(address)) {
      return Optional.empty();
    }
    Network host = Network.host(address);
    Instant last = dialled.get(host);
    if (last != null) {
      return Optional.of(last.plus(WINDOW));
    }
    if (dialled.size() >= MAX_HOSTS) {
      return Optional.of(dialled.firstEntry().getValue().plus(WINDOW));
    }
    dialled.put(host, now);
    return Optional.empty();
  }

  /// A dial there ended in a handshake about the torrent that it was made for.
  public void answered(PeerAddress address, Instant now) {
    answered.remove(address);
    answered.put(address, now);
    if (answered.size() > MAX_ANSWERED) {
      answered.pollFirstEntry();
    }
  }

  private void forget(Instant now) {
    while (!dialled.isEmpty() && isOver(dialled.firstEntry().getValue(), now)) {
      dialled.pollFirstEntry();
    }
    while (!answered.isEmpty() && isOver(answered.firstEntry().getValue(), now)) {
      answered.pollFirstEntry();
    }
  }

  private static boolean isOver(Instant since, Instant now) {
    return !now.isBefore(since.plus(WINDOW));
  }
}
