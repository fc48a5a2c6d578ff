package peerage.cli;

import java.util.List;
import peerage.dht.DhtStatus;
import peerage.peers.Family;

/// How our part in the DHT does, in a word.
final class DhtWords {
  private DhtWords() {}

  /// The good nodes that we know, of IPv4 and of IPv6: "DHT 57+3".
  static String text(DhtStatus status) {
    List<String> good =
        status.sockets().stream().map(node -> Integer.toString(node.good())).toList();
    return "DHT " + String.join("+", good);
  }

  /// The same for programs.
  static void write(DhtStatus status, Json json) {
    status.sockets().forEach(node -> json.put(name(node.family()), node.good()));
  }

  private static String name(Family family) {
    return switch (family) {
      case V4 -> "ipv4";
      case V6 -> "ipv6";
    };
  }
}
