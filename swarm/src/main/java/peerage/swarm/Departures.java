package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import peerage.peers.Origin;
import peerage.pex.Departure;

/// Lets peers go: visitors whose time is over, seeds among seeds, and whoever must not stay in a
/// private torrent.
final class Departures {
  /// How long two peers that want nothing of each other stay: enough for each to tell the other
  /// whom it knows.
  static final Duration FAREWELL = Duration.ofSeconds(5);

  private final CandidateBook book;
  private final PeerTable peers;
  private final Outbox out;
  private boolean complete;

  Departures(CandidateBook book, PeerTable peers, Outbox out) {
    this.book = book;
    this.peers = peers;
    this.out = out;
  }

  /// We have everything.
  void completed(Instant now) {
    complete = true;
    peers.all().forEach(peer -> consider(peer, now));
  }

  boolean isComplete() {
    return complete;
  }

  /// Two that want nothing part, once each has told the other whom it knows.
  void consider(Peer peer, Instant now) {
    if (complete
        && (peer.introduced || peer.session == null)
        && peer.isSeeding()
        && !peer.isLeaving()) {
      boolean hasTold = peer.session == null || peer.session.hasTold();
      Duration stay = hasTold ? Door.AFTER_TELLING : FAREWELL;
      peer.leave(now.plus(stay), Departure.NO_MUTUAL_INTEREST);
    }
  }

  Stream<Instant> deadlines() {
    return peers.all().stream()
        .filter(peer -> !peer.closing)
        .flatMap(peer -> Optional.ofNullable(peer.leaveAt).stream());
  }

  void tick(Instant now) {
    for (Peer peer : peers.all()) {
      if (peer.leaveAt != null && !now.isBefore(peer.leaveAt)) {
        out.close(
            peer,
            peer.visitor
                ? "no room; it was told of others"
                : "neither side wants anything of the other");
      }
    }
  }

  /// Another connection takes the place of this one, at once.
  void giveWay(Peer peer, String reason, Departure why, Instant now) {
    out.close(peer, reason, why);
    left(peer, reason, now);
  }

  /// The connection is gone.
  void left(Peer peer, String reason, Instant now) {
    var name = peer.name();
    peers.remove(peer, now);
    out.happened(new SwarmEvent.Disconnected(peer.link, name, reason));
  }

  /// The torrent is private: everything that was learned elsewhere than from its tracker, or from
  /// the user, is forgotten, and peer exchange is withdrawn.
  void keepOnlyTheTrackers() {
    int before = book.size();
    int closed = keepOnly(origin -> isOfTracker(origin) || origin instanceof Origin.Given);
    out.happened(new SwarmEvent.WentPrivate(before - book.size(), closed));
    for (Peer peer : peers.all()) {
      peer.session = null;
      if (peer.wasOffered && !peer.closing) {
        out.handshake(peer);
      }
    }
  }

  /// BEP 27: who came by another tracker leaves.
  void changeTracker(String url) {
    keepOnly(origin -> origin.equals(new Origin.Tracker(url)));
  }

  private static boolean isOfTracker(Origin origin) {
    return origin instanceof Origin.Tracker;
  }

  private int keepOnly(Predicate<Origin> welcome) {
    book.keepOrigins(welcome);
    peers.log().forgetRecent();
    int closed = 0;
    for (Peer peer : peers.all()) {
      if (!peer.closing && book.get(peer.name()).isEmpty()) {
        out.close(peer, "the torrent is private, and its tracker did not name it");
        closed++;
      }
    }
    return closed;
  }
}
