package peerage.node;

import java.time.Instant;
import java.time.InstantSource;

/// The time that machines are given: starts at wall time and then only goes forward, whatever
/// happens to the machine's clock.
final class MonotonicClock implements InstantSource {
  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - startNanos);
  }
}
