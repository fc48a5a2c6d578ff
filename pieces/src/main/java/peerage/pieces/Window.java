package peerage.pieces;

import java.time.Duration;
import java.time.Instant;
import peerage.wire.Block;

/// How many requests to have out on a link: so many that it never runs dry, and so few that what is
/// out comes within seconds.
final class Window {
  /// What a peer takes if it does not say: libtorrent's default `reqq`.
  static final int DEFAULT_LIMIT = 250;

  /// The most that we ever have out on one link: libtorrent's `max_out_request_queue`.
  static final int MAX = 500;

  private static final int START = 16; // 256 KiB: a guess
  private static final int MIN = 2; // "keeping several unfulfilled requests on each connection"
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(3); // libtorrent's request_queue_time

  private int size = START;
  private int limit = DEFAULT_LIMIT;

  int size() {
    return size;
  }

  /// The peer said how many requests it lets wait.
  void limit(int requests) {
    limit = Math.clamp(requests, 1, MAX);
    size = Math.min(size, limit);
  }

  /// A block came.
  ///
  /// @param asked when it was requested
  void delivered(Instant asked, Rate rate, Instant now) {
    Duration age = Duration.between(asked, now);
    if (age.compareTo(SHORT) < 0) {
      size = Math.min(size + 1, limit);
    } else if (age.compareTo(LONG) > 0) {
      long blocks = rate.perSecond(Rate.SHORT, now) * 5 / 2 / Block.SIZE; // 2.5 seconds' worth
      size = Math.clamp(blocks, Math.min(MIN, size), size);
    }
  }

  /// The peer refused a request.
  void rejected() {
    size = Math.max(size / 2, Math.min(MIN, size));
  }

  /// The peer owes us blocks and sends none: one request tells when it is back.
  void snubbed() {
    size = 1;
  }
}
