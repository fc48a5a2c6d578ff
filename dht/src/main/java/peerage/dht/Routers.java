package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// Where newcomers may ask. They are asked while a table is thin, and never kept in one: they are
/// there for everybody.
final class Routers {
  /// Addresses that are used (guess): a few hosts of two families each.
  static final int MAX = 16;

  /// How long names are good for once they are resolved (guess).
  static final Duration RESOLVED = Duration.ofMinutes(30);

  /// How soon they are wanted again if none came (guess).
  static final Duration AGAIN = Duration.ofMinutes(1);

  private final TreeSet<PeerAddress> addresses = new TreeSet<>();
  private @Nullable Instant wantedAt;
  private @Nullable Instant resolvedAt;

  void resolved(List<PeerAddress> given, Instant now) {
    resolvedAt = now;
    addresses.clear();
    given.stream().limit(MAX).forEach(addresses::add);
  }

  Stream<PeerAddress> of(Family family) {
    return addresses.stream().filter(address -> address.family() == family);
  }

  boolean contains(PeerAddress address) {
    return addresses.contains(address);
  }

  /// A node needs them: have them resolved, unless that was done lately.
  void want(Outbox outbox, Instant now) {
    boolean isKnown =
        !addresses.isEmpty() && resolvedAt != null && resolvedAt.plus(RESOLVED).isAfter(now);
    boolean isWanted = wantedAt != null && wantedAt.plus(AGAIN).isAfter(now);
    if (!isKnown && !isWanted) {
      wantedAt = now;
      outbox.add(new Dht.Output.WantRouters());
    }
  }
}
