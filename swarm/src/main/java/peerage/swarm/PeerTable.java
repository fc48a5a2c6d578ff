package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.pex.ContactLog;
import peerage.pex.Departure;

/// The connected peers, and which of them we would name to others. Keeps the candidate book's view
/// of who is connected in step.
final class PeerTable {
  private final CandidateBook book;
  private final ContactLog log = new ContactLog();
  private Predicate<IpAddress> mayBeShared = _ -> true;
  private final TreeMap<Link, Peer> peers = new TreeMap<>();
  private int visitors;

  PeerTable(CandidateBook book) {
    this.book = book;
  }

  CandidateBook book() {
    return book;
  }

  ContactLog log() {
    return log;
  }

  /// Visitors do not count.
  int size() {
    return peers.size() - visitors();
  }

  int visitors() {
    return visitors;
  }

  Optional<Peer> get(Link link) {
    return Optional.ofNullable(peers.get(link));
  }

  /// The connections to one peer; those on their way out do not count.
  List<Peer> withId(PeerId id) {
    return peers.values().stream().filter(peer -> peer.id.equals(id) && !peer.closing).toList();
  }

  /// The peer that listens at an address.
  Optional<Peer> at(PeerAddress endpoint) {
    return peers.values().stream().filter(peer -> endpoint.equals(peer.endpoint)).findFirst();
  }

  /// The peers that say that they listen at an address, and of which that is all we know.
  List<Peer> claiming(PeerAddress endpoint) {
    return peers.values().stream()
        .filter(peer -> endpoint.equals(peer.endpoint) && peer.evidence == Evidence.CLAIMED)
        .toList();
  }

  /// A copy, the oldest connection first.
  List<Peer> all() {
    return List.copyOf(peers.values());
  }

  void add(Peer peer) {
    peers.put(peer.link, peer);
    visitors += peer.visitor ? 1 : 0;
  }

  void remove(Peer peer, Instant now) {
    if (peers.remove(peer.link) != null) {
      visitors -= peer.visitor ? 1 : 0;
    }
    withdraw(peer, peer.departure, now);
  }

  /// We dialled the peer there, and it answered: more than a claim.
  ///
  /// @return whether where it listens is news
  boolean prove(Peer peer, PeerAddress endpoint, Instant now) {
    boolean news = locate(peer, endpoint, now);
    peer.evidence = Evidence.VERIFIED;
    relabel(peer, peer.flags.with(PeerFlags.REACHABLE));
    book.connected(endpoint, Direction.OUTGOING);
    vouch(peer);
    return news;
  }

  /// The peer listens where it says.
  void confirm(Peer peer) {
    peer.evidence = Evidence.CONFIRMED;
    vouch(peer);
  }

  /// The peer says where it listens.
  ///
  /// @return whether that is news
  boolean locate(Peer peer, PeerAddress endpoint, Instant now) {
    PeerAddress before = peer.endpoint;
    if (endpoint.equals(before)) {
      return false;
    }
    withdraw(peer, Departure.OTHER, now);
    if (before != null) {
      book.get(before)
          .filter(c -> c.isClaimOnly() && c.state() == Candidate.State.IDLE)
          .ifPresent(book::forget);
    }
    peer.endpoint = endpoint;
    peer.evidence = Evidence.CLAIMED;
    if (!peer.visitor) { // or it would not be dialled once there is room
      book.connected(endpoint, peer.direction);
    }
    return true;
  }

  /// Others may be told of the peer, if we are sure where it listens and no other connection stands
  /// for the same endpoint.
  private void vouch(Peer peer) {
    PeerAddress endpoint = peer.endpoint;
    if (endpoint == null || peer.visitor || !peer.evidence.isEnoughToTell()) {
      return;
    }
    if (mayBeShared.test(endpoint.ip()) && !log.contains(endpoint)) {
      log.put(endpoint, peer.flags);
      peer.vouched = true;
    }
  }

  /// A peer shook hands that could not stay.
  void met(PeerAddress endpoint, Departure why) {
    if (mayBeShared.test(endpoint.ip())) {
      log.met(endpoint, PeerFlags.NONE.with(PeerFlags.REACHABLE), why);
    }
  }

  /// Which addresses may be told to others, from now on.
  void share(Predicate<IpAddress> filter) {
    mayBeShared = filter;
    for (Peer peer : peers.values()) {
      if (peer.vouched && peer.endpoint != null && !filter.test(peer.endpoint.ip())) {
        log.remove(peer.endpoint, Departure.OTHER);
        peer.vouched = false;
      }
    }
    peers.values().forEach(this::vouch);
  }

  /// A contact leaves with its last connection.
  private void withdraw(Peer peer, Departure why, Instant now) {
    PeerAddress endpoint = peer.endpoint;
    if (endpoint == null) {
      return;
    }
    peer.endpoint = null;
    boolean vouched = peer.vouched;
    peer.vouched = false;
    if (vouched) {
      log.remove(endpoint, why);
    }
    Optional<Peer> heir = at(endpoint);
    if (heir.isEmpty() && peer.barren) {
      book.gaveNothing(endpoint, now);
    } else if (heir.isEmpty() && !peer.visitor) {
      book.disconnected(endpoint, Duration.between(peer.since, now), now);
    }
    heir.ifPresent(this::vouch);
  }

  void relabel(Peer peer, PeerFlags flags) {
    peer.flags = flags;
    if (peer.vouched && peer.endpoint != null) {
      log.put(peer.endpoint, flags);
    }
  }
}
