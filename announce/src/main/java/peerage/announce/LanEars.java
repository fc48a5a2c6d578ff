package peerage.announce;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Whom we hear on the local networks: how often, and whether for the first time. Bounded; who was
/// silent longest is forgotten first.
final class LanEars {
  /// The most senders that are counted, and peers that are remembered (guess: a big network).
  private static final int MAX = 1_000;

  private record Visit(InfoHash infoHash, PeerAddress peer) {}

  private record Count(Instant since, int datagrams) {}

  private final SequencedMap<IpAddress, Count> senders = new LinkedHashMap<>();
  private final SequencedMap<Visit, Instant> visits = new LinkedHashMap<>();

  /// Counts a datagram.
  ///
  /// @return whether its sender may send it
  boolean mayCome(IpAddress sender, Instant now) {
    @Nullable Count count = senders.remove(sender);
    if (count == null || !now.isBefore(count.since().plus(LanAnnouncer.SPACING))) {
      count = new Count(now, 0);
    }
    boolean may = count.datagrams() < LanAnnouncer.MAX_PER_MINUTE;
    senders.putLast(sender, may ? new Count(count.since(), count.datagrams() + 1) : count);
    if (senders.size() > MAX) {
      senders.pollFirstEntry();
    }
    return may;
  }

  /// Whether nothing was heard of it lately; from now on something was.
  boolean isNew(InfoHash infoHash, PeerAddress peer, Instant now) {
    var visit = new Visit(infoHash, peer);
    @Nullable Instant before = visits.remove(visit);
    visits.putLast(visit, now);
    if (visits.size() > MAX) {
      visits.pollFirstEntry();
    }
    return before == null || now.isAfter(before.plus(LanAnnouncer.MEMORY));
  }
}
