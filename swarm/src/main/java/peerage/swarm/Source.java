package peerage.swarm;

import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// Whom a candidate comes from, for quotas and turns: what one party can take for itself. A teller
/// is one by its address, for its port is a claim that it can change at will; in IPv6 by its /64,
/// which every host has to itself. On the loopback network, where all have one address, the port
/// counts.
///
/// @param name unique to the party
record Source(String name) implements Comparable<Source> {
  static final Source GIVEN = new Source("given");

  static Source of(Origin origin) {
    return switch (origin) {
      case Origin.Given _ -> GIVEN;
      case Origin.Tracker(String url) -> new Source("tracker " + url);
      case Origin.Pex(PeerAddress teller, _) -> new Source("teller " + place(teller));
      case Origin.Memory _ -> new Source("memory");
      case Origin.Incoming _ -> new Source("incoming");
      case Origin.Dht(PeerAddress node) -> new Source("DHT node " + place(node));
      case Origin.Lan _ -> new Source("local network");
      case Origin.Magnet _ -> new Source("magnet");
    };
  }

  private static String place(PeerAddress teller) {
    IpAddress ip = teller.ip();
    if (ip.isLoopback()) {
      return teller.toString();
    }
    return ip.family() == Family.V6 ? ip.prefix(64) + "/64" : ip.toString();
  }

  @Override
  public int compareTo(Source other) {
    return name.compareTo(other.name);
  }
}
