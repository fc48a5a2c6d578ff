package peerage.swarm;

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

  Optional<Peer> withId(PeerId id) {
    return peers.values().stream().filter(peer -> peer.id.equals(id)).findFirst();
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

  /// We know where the peer listens: it becomes a contact, unless another connection is one
  /// already.
  ///
  /// @return whether that is news
  boolean locate(Peer peer, PeerAddress endpoint, Instant now) {
    if (endpoint.equals(peer.endpoint)) {
      return false;
    }
    withdraw(peer, now);
    peer.endpoint = endpoint;
    book.get(endpoint).ifPresent(candidate -> book.proved(candidate, peer.direction));
    if (!live.contains(endpoint)) {
      live.put(endpoint, peer.flags);
      peer.vouched = true;
    }
    return true;
  }

  private void withdraw(Peer peer, Instant now) {
    PeerAddress endpoint = peer.endpoint;
    if (endpoint == null) {
      return;
    }
    if (peer.vouched) {
      live.remove(endpoint);
      peer.vouched = false;
    }
    book.get(endpoint).ifPresent(c -> c.disconnected(ConnectionPolicy.retryAt(c, now)));
  }

  void relabel(Peer peer, PeerFlags flags) {
    peer.flags = flags;
    if (peer.vouched && peer.endpoint != null) {
      live.put(peer.endpoint, flags);
    }
  }
}
