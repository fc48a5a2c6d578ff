package peerage.interop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what other processes do: the one place where a test's thread pauses.
final class Await {
  /// Much longer than anything takes on an idle machine: a test fails by this only if what it waits
  /// for does not come.
  static final Duration LIMIT = Duration.ofSeconds(100);

  private static final long FIRST_PAUSE = 10_000_000;
  private static final long LONGEST_PAUSE = 250_000_000;

  private Await() {}

  /// Waits until something holds.
  ///
  /// @param what it is, for the message of the failure
  /// @throws AssertionError if it does not within [#LIMIT]
  static void until(String what, BooleanSupplier condition) {
    value(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /// Waits until there is something.
  static <T> T value(String what, Supplier<Optional<T>> look) {
    return value(what, LIMIT, look);
  }

  /// Waits until there is something, but no longer than `limit`.
  static <T> T value(String what, Duration limit, Supplier<Optional<T>> look) {
    long deadline = System.nanoTime() + limit.toNanos();
    long pause = FIRST_PAUSE;
    while (true) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited " + limit.toSeconds() + " s in vain: " + what);
      }
      pause(pause);
      if (Thread.interrupted()) {
        throw new AssertionError("interrupted while waiting: " + what);
      }
      pause = Math.min(pause * 3 / 2, LONGEST_PAUSE);
    }
  }

  /// Lets so much time go by, where a test needs time itself and nothing happens in it.
  static void pause(long nanos) {
    LockSupport.parkNanos(nanos);
  }
}
