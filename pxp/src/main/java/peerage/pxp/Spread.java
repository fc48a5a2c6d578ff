package peerage.pxp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.Link;

/// Chooses so that no single teller and no single network gets hold of all our connections.
final class Spread {
  private final Parts parts;

  Spread(Parts parts) {
    this.parts = parts;
  }

  /// The candidate of the teller that has brought us the fewest peers, best in a network where we
  /// have none; by chance among equals.
  @Nullable Told best(List<Told> pool) {
    if (pool.isEmpty()) {
      return null;
    }
    SequencedSet<IpAddress> networks = networks();
    List<Told> best = new ArrayList<>();
    long lowest = Long.MAX_VALUE;
    for (Told told : pool) {
      long score = score(told, networks);
      if (score < lowest) {
        lowest = score;
        best.clear();
      }
      if (score == lowest) {
        best.add(told);
      }
    }
    return best.get(parts.self.random.nextInt(best.size()));
  }

  private long score(Told told, SequencedSet<IpAddress> networks) {
    int brought = parts.connections.broughtBy(told.teller().ref).size();
    boolean near =
        told.candidate().info().listening().stream()
            .flatMap(endpoint -> DialRules.ip(endpoint).stream())
            .anyMatch(ip -> networks.contains(network(ip)));
    return 2L * brought + (near ? 1 : 0);
  }

  /// The networks where we have connections.
  private SequencedSet<IpAddress> networks() {
    SequencedSet<IpAddress> networks = new TreeSet<>();
    parts.connections.all().stream()
        .flatMap(connection -> connection.route.remote().stream())
        .forEach(ip -> networks.add(network(ip)));
    return networks;
  }

  private static IpAddress network(IpAddress ip) {
    return ip.prefix(
        ip.family() == Family.V4 ? PxpLimits.NETWORK_BITS_V4 : PxpLimits.NETWORK_BITS_V6);
  }

  /// A few peers to ask, by chance, and of different networks if there are.
  List<Connection> tellers(SequencedSet<Link> asked) {
    List<Connection> able = new ArrayList<>();
    parts.connections.all().stream()
        .filter(connection -> connection.canBeAsked() && !asked.contains(connection.link))
        .forEach(able::add);
    shuffle(able);
    List<Connection> chosen = new ArrayList<>();
    SequencedSet<IpAddress> networks = new TreeSet<>();
    for (Connection connection : able) {
      Optional<IpAddress> network = connection.route.remote().map(Spread::network);
      if (network.isPresent() && networks.add(network.get())) {
        chosen.add(connection);
      }
    }
    able.removeAll(chosen);
    chosen.addAll(able);
    return chosen.subList(0, Math.min(chosen.size(), PxpLimits.PEERS_ASKED_MAX));
  }

  private void shuffle(List<Connection> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      int other = parts.self.random.nextInt(i + 1);
      Connection swapped = list.set(other, list.get(i));
      list.set(i, swapped);
    }
  }
}
