package peerage.swarm;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Our own address as our peers report it (`yourip`, BEP 10): a hint, believed once two agree.
final class OwnAddress {
  /// How many different opinions are kept (guess).
  private static final int MAX_OPINIONS = 16;

  private final int listenPort;
  private final TreeMap<IpAddress, Integer> votes = new TreeMap<>();

  OwnAddress(int listenPort) {
    this.listenPort = listenPort;
  }

  void vote(IpAddress self) {
    if (votes.containsKey(self) || votes.size() < MAX_OPINIONS) {
      votes.merge(self, 1, Integer::sum);
    }
  }

  /// Our own endpoint in a family, for canonical peer priority (BEP 40).
  Optional<PeerAddress> endpoint(Family family) {
    return votes.entrySet().stream()
        .filter(vote -> vote.getKey().family() == family && vote.getValue() >= 2)
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .map(vote -> new PeerAddress(vote.getKey(), listenPort));
  }
}
