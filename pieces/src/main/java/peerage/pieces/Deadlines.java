package peerage.pieces;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Instants that may be missing.
final class Deadlines {
  private Deadlines() {}

  static @Nullable Instant earliest(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }

  static boolean isDue(@Nullable Instant deadline, Instant now) {
    return deadline != null && !deadline.isAfter(now);
  }
}
