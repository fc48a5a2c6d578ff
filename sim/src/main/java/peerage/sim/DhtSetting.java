package peerage.sim;

import java.time.Duration;
import java.util.Optional;

/// What a simulated DHT is like.
///
/// @param nodes how many nodes there are at any time, 10 to 100,000
/// @param seed everything that is left to chance follows from it
/// @param lookups how many lookups of each kind are measured
/// @param lifetime how long a node stays on average, exponentially distributed; each one that goes
///     is replaced by another. Empty: all stay
/// @param loss the share of datagrams that get lost, 0 to 1
/// @param nat the share of nodes behind a NAT, which are reached only by whom they have written to
///     within two minutes, 0 to 1
/// @param liars the share of nodes that answer with invented nodes, 0 to 1
public record DhtSetting(
    int nodes,
    long seed,
    int lookups,
    Optional<Duration> lifetime,
    double loss,
    double nat,
    double liars) {
  /// @throws IllegalArgumentException if a figure makes no sense
  public DhtSetting {
    check(nodes >= 10 && nodes <= 100_000, "10 to 100,000 nodes can be simulated, not " + nodes);
    check(lookups >= 1 && lookups <= 1_000_000, "1 to 1,000,000 lookups, not " + lookups);
    check(isShare(loss) && isShare(nat) && isShare(liars), "a share is between 0 and 1");
    check(
        lifetime.isEmpty() || lifetime.get().compareTo(Duration.ofMinutes(1)) >= 0,
        "nodes stay for a minute at least");
  }

  /// A world in which nothing goes wrong.
  public static DhtSetting calm(int nodes, long seed, int lookups) {
    return new DhtSetting(nodes, seed, lookups, Optional.empty(), 0, 0, 0);
  }

  private static boolean isShare(double share) {
    return share >= 0 && share <= 1;
  }

  private static void check(boolean isGood, String what) {
    if (!isGood) {
      throw new IllegalArgumentException(what);
    }
  }
}
