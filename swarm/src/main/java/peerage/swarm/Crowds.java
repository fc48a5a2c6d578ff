package peerage.swarm;

import java.util.LinkedHashMap;
import peerage.peers.PeerAddress;

/// How much of our room the peers of one network hold. Whoever owns a network can run a peer on
/// each of its addresses: all of them answer, all of them stay, and they name only each other. So a
/// network has a share of the room, and more of it only while nobody else is there to take it.
///
/// Whom a tracker or the user names is held to no share: a fleet may live in one public network.
/// And in private networks every host is a network of its own, see [Network].
final class Crowds {
  /// Of the room, what one /16 (IPv4) or /32 (IPv6) has: one of thirty-two, one at least (guess:
  /// three of a hundred peers; no home or office is noticed by it).
  private static final int GROUP_SHARE = 32;

  /// The same for a /24 or /48.
  private static final int NEAR_SHARE = 64;

  private final int maxPeers;
  private final CandidateBook book;
  private final LinkedHashMap<Network, Integer> ofGroup = new LinkedHashMap<>();
  private final LinkedHashMap<Network, Integer> ofNear = new LinkedHashMap<>();

  private Crowds(int maxPeers, CandidateBook book) {
    this.maxPeers = maxPeers;
    this.book = book;
  }

  /// As things stand.
  ///
  /// @param dialled those under way: they count as if they were connected
  static Crowds of(int maxPeers, PeerTable peers, Iterable<PeerAddress> dialled) {
    var crowds = new Crowds(maxPeers, peers.book());
    for (Peer peer : peers.all()) {
      if (!peer.visitor && !peer.closing) {
        crowds.add(peer.name());
      }
    }
    dialled.forEach(crowds::add);
    return crowds;
  }

  /// One more of its network.
  void add(PeerAddress address) {
    if (Network.isGlobal(address)) {
      ofGroup.merge(Network.group(address), 1, Integer::sum);
      ofNear.merge(Network.near(address), 1, Integer::sum);
    }
  }

  /// By how many its network would be over its share, were it to join.
  int overWith(PeerAddress newcomer) {
    return over(newcomer, 1);
  }

  /// By how many its network is over its share, it being there.
  int overBy(PeerAddress peer) {
    return over(peer, 0);
  }

  private int over(PeerAddress address, int more) {
    boolean isListed = book.get(address).filter(Candidate::isListed).isPresent();
    if (isListed || !Network.isGlobal(address)) {
      return 0;
    }
    int group = ofGroup.getOrDefault(Network.group(address), 0) + more;
    int near = ofNear.getOrDefault(Network.near(address), 0) + more;
    return Math.max(0, Math.max(group - share(GROUP_SHARE), near - share(NEAR_SHARE)));
  }

  private int share(int of) {
    return Math.max(1, maxPeers / of);
  }
}
