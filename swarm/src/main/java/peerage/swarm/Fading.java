package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A sum that is forgotten by and by: it halves in each half-life.
final class Fading {
  private final Duration halfLife;
  private double value;
  private @Nullable Instant at;

  Fading(Duration halfLife) {
    this.halfLife = halfLife;
  }

  double at(Instant now) {
    if (at == null || !now.isAfter(at)) {
      return value;
    }
    return value * Math.pow(0.5, ratio(Duration.between(at, now), halfLife));
  }

  void add(double amount, Instant now) {
    value = at(now) + amount;
    at = now;
  }

  void atLeast(double least, Instant now) {
    value = Math.max(least, at(now));
    at = now;
  }

  /// When it will be below a level, nothing being added.
  ///
  /// @param level more than 0
  Instant below(double level, Instant now) {
    double left = at(now);
    if (left < level) {
      return now;
    }
    double halfLives = Math.log(left / level) / Math.log(2);
    return now.plusMillis((long) (halfLives * halfLife.toMillis()) + 1);
  }

  private static double ratio(Duration part, Duration whole) {
    return (double) part.toMillis() / whole.toMillis();
  }
}
