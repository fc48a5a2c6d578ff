package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/// How much of one network is dialled on hearsay: dials under way and failed ones are limited,
/// dials that are answered are not. So whoever names a thousand addresses of a victim's network
/// gets two of them dialled, while a laboratory of five hundred peers in one /24 is meshed in a few
/// round trips: each answer makes room for one more dial than before.
final class NetworkLimits {
  /// Simulated: two dials under way or failed take the dials at a named victim from 5.6 a peer in
  /// 20 minutes to 0.3.
  static final int MAX_FAILED = 2;

  /// Half of the failures are forgotten in this time (guess: a third dial after eight minutes).
  static final Duration FADES = Duration.ofMinutes(20);

  /// Answers that count at most: libtorrent has 50 half-open dials at most.
  private static final int MAX_ANSWERED = 50;

  /// Networks remembered (guess).
  private static final int MAX_NETWORKS = 1_000;

  /// Two failures are two although the first has begun to fade.
  private static final double SLACK = 0.5;

  private static final class Use {
    int underWay;
    final Fading failed = new Fading(FADES);
    final Fading answered = new Fading(FADES);

    /// Failures beyond which nothing is dialled there.
    double level(Instant now) {
      return MAX_FAILED + Math.floor(answered.at(now) + SLACK) - underWay - SLACK;
    }
  }

  private final LinkedHashMap<Network, Use> uses = new LinkedHashMap<>();

  boolean mayDial(Network network, Instant now) {
    Use use = uses.get(network);
    return use == null || use.failed.at(now) < use.level(now);
  }

  /// When it may be dialled; empty if only the end of a dial allows it.
  Optional<Instant> freeAt(Network network, Instant now) {
    Use use = uses.get(network);
    if (use == null) {
      return Optional.of(now);
    }
    return use.level(now) > 0
        ? Optional.of(use.failed.below(use.level(now), now))
        : Optional.empty();
  }

  void dialled(Network network) {
    Use use = uses.remove(network);
    if (use == null) {
      use = new Use();
      makeRoom();
    }
    use.underWay++;
    uses.put(network, use);
  }

  /// The dial is over without a result.
  void heldBack(Network network) {
    Use use = uses.get(network);
    if (use != null) {
      use.underWay--;
    }
  }

  void answered(Network network, Instant now) {
    Use use = uses.get(network);
    if (use != null) {
      use.underWay--;
      if (use.answered.at(now) < MAX_ANSWERED) {
        use.answered.add(1, now);
      }
    }
  }

  void failed(Network network, Instant now) {
    Use use = uses.get(network);
    if (use != null) {
      use.underWay--;
      use.failed.add(1, now);
    }
  }

  private void makeRoom() {
    if (uses.size() >= MAX_NETWORKS) {
      uses.entrySet().stream()
          .filter(entry -> entry.getValue().underWay == 0)
          .findFirst()
          .ifPresent(entry -> uses.remove(entry.getKey()));
    }
  }
}
