package peerage.swarm;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// Confirms where peers that dialled us listen, before we tell others: by a connection that is
/// opened to there and closed at once, within a budget, or because somebody independent of the peer
/// names the same endpoint.
///
/// Nothing is sent on that connection. A second handshake would tempt clients that allow one
/// connection an address, libtorrent among them, to close the first.
final class Confirmation {
  /// Probes at once, and their rate (guesses: a join of forty peers at once is confirmed at once).
  static final int MAX_UNDER_WAY = 16;

  static final int BURST = 50;
  static final int PER_SECOND = 5;

  /// Claims that wait for a probe (guess).
  static final int MAX_WAITING = 256;

  /// Probes for one connection (guess): a peer that says something else each second makes us scan
  /// nobody.
  static final int MAX_PER_PEER = 3;

  private final PeerTable peers;
  private final CandidateBook book;
  private final Outbox out;
  private final LinkedHashSet<PeerAddress> waiting = new LinkedHashSet<>();
  private final LinkedHashSet<PeerAddress> underWay = new LinkedHashSet<>();
  private final Pace pace = new Pace(BURST, PER_SECOND);

  Confirmation(PeerTable peers, CandidateBook book, Outbox out) {
    this.peers = peers;
    this.book = book;
    this.out = out;
  }

  /// A peer says where it listens.
  void claimed(Peer peer, PeerAddress endpoint) {
    if (isReached(endpoint)) {
      confirm(peer, "we reached it there before");
    } else if (isNamedByOthers(endpoint)) {
      confirm(peer, "others name it, too");
    } else if (waiting.size() < MAX_WAITING && peer.probes < MAX_PER_PEER) {
      peer.probes++;
      waiting.add(endpoint);
    }
  }

  private boolean isReached(PeerAddress endpoint) {
    return peers.log().contains(endpoint)
        || book.get(endpoint).filter(Candidate::isVerified).isPresent();
  }

  private boolean isNamedByOthers(PeerAddress endpoint) {
    return book.get(endpoint).stream()
        .flatMap(candidate -> candidate.hearings().stream())
        .anyMatch(hearing -> isIndependent(hearing.origin(), endpoint));
  }

  /// Somebody names an endpoint that a peer claims.
  void heard(PeerAddress endpoint, Origin origin) {
    if (isIndependent(origin, endpoint)) {
      peers.claiming(endpoint).forEach(peer -> confirm(peer, "others name it, too"));
    }
  }

  /// A tracker only repeats what the peer itself told it, and so do a DHT's nodes and the local
  /// network; a magnet's author is anybody. Another peer may tell only of whom it is
  /// connected to (BEP 11), but might be the same host or a friend next door.
  private static boolean isIndependent(Origin origin, PeerAddress endpoint) {
    return switch (origin) {
      case Origin.Given _, Origin.Memory _ -> true; // our own dial reached it there, in another run
      case Origin.Pex(PeerAddress teller, var _) ->
          !Network.group(teller).equals(Network.group(endpoint));
      case Origin.Tracker _, Origin.Incoming _, Origin.Dht _, Origin.Lan _, Origin.Magnet _ ->
          false;
    };
  }

  /// Sends out what may be sent.
  void start(Instant now) {
    while (!waiting.isEmpty() && underWay.size() < MAX_UNDER_WAY && pace.available(now) > 0) {
      pace.spend(1);
      PeerAddress endpoint = waiting.removeFirst();
      if (!peers.claiming(endpoint).isEmpty() && underWay.add(endpoint)) {
        out.probe(endpoint);
      }
    }
  }

  Optional<Instant> next(Instant now) {
    return waiting.isEmpty() || underWay.size() >= MAX_UNDER_WAY
        ? Optional.empty()
        : Optional.of(pace.next(now));
  }

  /// What became of a probe.
  void probed(PeerAddress endpoint, Probe result) {
    underWay.remove(endpoint);
    if (result == Probe.OPEN) {
      peers.claiming(endpoint).forEach(peer -> confirm(peer, "it takes connections there"));
    }
  }

  private void confirm(Peer peer, String how) {
    peers.confirm(peer);
    out.happened(new SwarmEvent.Confirmed(peer.link, peer.name(), how));
  }
}
