package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import peerage.pex.Departure;

/// While the metadata of a magnet is not here, a peer is of use if it has it, or if it tells of
/// others. Of those that only tell, a few are enough; who does neither is let go. None goes at
/// once: often the metadata is here within seconds, and then all are of use again.
final class GossipOnly {
  /// Peers kept for their gossip (mldht's number: 20 lists of 50 contacts are more than we dial).
  static final int MAX = 20;

  /// How long each may stay at least (guess: the metadata of nearly every torrent comes in less).
  static final Duration STAY = Duration.ofSeconds(30);

  private final PeerTable peers;
  private final Outbox out;

  GossipOnly(PeerTable peers, Outbox out) {
    this.peers = peers;
    this.out = out;
  }

  /// Lets go of whom is of no use, the latest comers first.
  void tick(Privacy privacy, Instant now) {
    if (privacy != Privacy.UNKNOWN) {
      return;
    }
    int tellers = 0;
    for (Peer peer : withoutMetadata()) {
      boolean tells = peer.session != null && peer.session.isOn();
      tellers += tells ? 1 : 0;
      if (peer.mayGoAfter(STAY, now) && (!tells || tellers > MAX)) {
        peer.barren = true;
        out.close(
            peer,
            tells
                ? "enough others without the metadata tell us of peers"
                : "it has no metadata to give, and tells of no peers",
            Departure.NO_ROOM);
      }
    }
  }

  /// When somebody's time may be over.
  Stream<Instant> deadlines(Privacy privacy, Instant now) {
    return privacy == Privacy.UNKNOWN
        ? withoutMetadata().stream().map(peer -> peer.since.plus(STAY)).filter(now::isBefore)
        : Stream.empty();
  }

  private List<Peer> withoutMetadata() {
    return peers.all().stream().filter(peer -> !peer.hasMetadata && !peer.isLeaving()).toList();
  }
}
