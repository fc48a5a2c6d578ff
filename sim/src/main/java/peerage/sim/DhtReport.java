package peerage.sim;

import java.util.List;

/// What a simulated DHT came to.
///
/// @param setting what it was like
/// @param kinds each kind of lookup
/// @param datagramsPerNode how many datagrams a node sent per minute of the measured time
/// @param bytesPerNode how many bytes of UDP payload a node sent per second
/// @param table how many nodes a node knew at the end, median
/// @param dead how many of those were gone by then, a share of all
/// @param memoryPerNode bytes of heap for one node with its part of the network, measured; not part
///     of what the seed determines
/// @param trace a number that all datagrams, their order and their times went into
public record DhtReport(
    DhtSetting setting,
    List<Kind> kinds,
    double datagramsPerNode,
    double bytesPerNode,
    int table,
    double dead,
    long memoryPerNode,
    long trace) {
  /// Copies the list.
  public DhtReport {
    kinds = List.copyOf(kinds);
  }

  /// One kind of lookup.
  ///
  /// @param name `find_node`, `get_peers` or `get`
  /// @param lookups how many were measured
  /// @param succeeded how many found it: the nearest node there is, the peer that announced itself
  ///     some minutes before, the item that was put some minutes before
  /// @param hops how many answers deep
  /// @param queries how many queries it took
  /// @param millis how long it took to the end
  /// @param first how long until what was looked for came
  public record Kind(
      String name,
      int lookups,
      int succeeded,
      Spread hops,
      Spread queries,
      Spread millis,
      Spread first) {
    /// The share that succeeded.
    public double success() {
      return lookups == 0 ? 1 : (double) succeeded / lookups;
    }
  }

  /// A figure over many lookups.
  ///
  /// @param median half were lower
  /// @param most 95 of 100 were lower
  public record Spread(long median, long most) {
    /// Of these figures; of none: 0.
    public static Spread of(List<Long> figures) {
      List<Long> sorted = figures.stream().sorted().toList();
      return sorted.isEmpty()
          ? new Spread(0, 0)
          : new Spread(sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 95 / 100));
    }
  }
}
