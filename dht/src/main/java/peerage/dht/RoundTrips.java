package peerage.dht;

import java.time.Duration;

/// How long answers take, and so from when on one is late: the smoothed mean and four times the
/// smoothed deviation, as TCP has it (RFC 6298).
final class RoundTrips {
  /// Before anything was measured (RFC 6298 says 1 s).
  static final Duration FIRST = Duration.ofSeconds(1);

  /// No answer is late sooner (guess).
  static final Duration SHORTEST = Duration.ofMillis(250);

  /// Nor later (guess).
  static final Duration LONGEST = Duration.ofSeconds(2);

  private double mean;
  private double deviation;
  private boolean isMeasured;

  void measured(Duration took) {
    double millis = took.toMillis();
    if (isMeasured) {
      deviation += (Math.abs(millis - mean) - deviation) / 4;
      mean += (millis - mean) / 8;
    } else {
      mean = millis;
      deviation = millis / 2;
      isMeasured = true;
    }
  }

  Duration patience() {
    if (!isMeasured) {
      return FIRST;
    }
    long millis = Math.round(mean + 4 * deviation);
    return Duration.ofMillis(Math.clamp(millis, SHORTEST.toMillis(), LONGEST.toMillis()));
  }
}
