package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.pex.LiveContacts;

/// The connected peers, and which of them we would name to others. Keeps the candidate book's view
/// of who is connected in step.
final class PeerTable {
  private final CandidateBook book;
  private final LiveContacts live = new LiveContacts();
  private final TreeMap<Link, Peer> peers = new TreeMap<>();

  PeerTable(CandidateBook book) {
    this.book = book;
  }

  LiveContacts live() {
    return live;
  }

  int size() {
    return peers.size();
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

  /// A copy, the oldest connection first.
  List<Peer> all() {
    return List.copyOf(peers.values());
  }

  void add(Peer peer) {
    peers.put(peer.link, peer);
  }

  void remove(Peer peer, Instant now) {
    peers.remove(peer.link);
    withdraw(peer, now);
  }

  /// We dialled the peer there, and it answered: more than a claim.
  ///
  /// @return whether where it listens is news
  boolean prove(Peer peer, PeerAddress endpoint, Instant now) {
    boolean news = locate(peer, endpoint, now);
    relabel(peer, peer.flags.with(PeerFlags.REACHABLE));
    book.connected(endpoint, Direction.OUTGOING);
    return news;
  }

  /// We know where the peer listens: it becomes a contact, unless another connection is one
  /// already.
  ///
  /// @return whether that is news
  boolean locate(Peer peer, PeerAddress endpoint, Instant now) {
    PeerAddress before = peer.endpoint;
    if (endpoint.equals(before)) {
      return false;
    }
    withdraw(peer, now);
    if (before != null) {
      book.get(before)
          .filter(c -> c.isClaimOnly() && c.state() == Candidate.State.IDLE)
          .ifPresent(book::forget);
    }
    peer.endpoint = endpoint;
    book.connected(endpoint, peer.direction);
    if (!live.contains(endpoint)) {
      vouch(peer, endpoint);
    }
    return true;
  }

  private void vouch(Peer peer, PeerAddress endpoint) {
    live.put(endpoint, peer.flags);
    peer.vouched = true;
  }

  /// A contact leaves with its last connection.
  private void withdraw(Peer peer, Instant now) {
    PeerAddress endpoint = peer.endpoint;
    if (endpoint == null) {
      return;
    }
    peer.endpoint = null;
    boolean vouched = peer.vouched;
    peer.vouched = false;
    Optional<Peer> heir = at(endpoint);
    if (heir.isEmpty()) {
      live.remove(endpoint);
      book.disconnected(endpoint, Duration.between(peer.since, now), now);
    } else if (vouched) {
      vouch(heir.get(), endpoint);
    }
  }

  void relabel(Peer peer, PeerFlags flags) {
    peer.flags = flags;
    if (peer.vouched && peer.endpoint != null) {
      live.put(peer.endpoint, flags);
    }
  }
}
