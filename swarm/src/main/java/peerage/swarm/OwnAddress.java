package peerage.swarm;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Our own address as our peers report it (`yourip`, BEP 10): a hint, believed once two agree.
final class OwnAddress {
  /// How many different opinions are kept (guess).
  private static final int MAX_OPINIONS = 16;

  private final int listenPort;
  private final TreeMap<IpAddress, Integer> votes = new TreeMap<>();
  private final EnumMap<Family, IpAddress> onTheInternet = new EnumMap<>(Family.class);

  OwnAddress(int listenPort) {
    this.listenPort = listenPort;
  }

  void vote(IpAddress self) {
    if (votes.containsKey(self) || votes.size() < MAX_OPINIONS) {
      votes.merge(self, 1, Integer::sum);
    }
  }

  /// An address that we have ourselves. One that is on the internet is what our peers see, too; any
  /// other may be behind a router that shows them another.
  void isAt(IpAddress ip) {
    if (AddressClass.of(ip) == AddressClass.GLOBAL) {
      onTheInternet.put(ip.family(), ip);
    }
  }

  /// Where we listen at one of our addresses.
  PeerAddress listening(IpAddress ip) {
    return new PeerAddress(ip, listenPort);
  }

  /// Our own endpoint in a family, for canonical peer priority (BEP 40).
  Optional<PeerAddress> endpoint(Family family) {
    IpAddress own = onTheInternet.get(family);
    return own != null ? Optional.of(listening(own)) : reported(family);
  }

  private Optional<PeerAddress> reported(Family family) {
    return votes.entrySet().stream()
        .filter(vote -> vote.getKey().family() == family && vote.getValue() >= 2)
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .map(vote -> listening(vote.getKey()));
  }
}
