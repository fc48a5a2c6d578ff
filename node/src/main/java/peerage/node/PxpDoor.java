package peerage.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import peerage.peers.Family;
import peerage.peers.IpAddress;

/// Limits incoming connections that have not said who they are, so that no source can take the
/// places of all others. Thread-safe.
final class PxpDoor {
  /// A whole IPv6 network belongs to one household; RFC 6177.
  private static final int NETWORK_BITS_V6 = 64;

  /// Sources whose pace is remembered (guess).
  private static final int SOURCES_MAX = 4_096;

  /// How much is let in.
  ///
  /// @param unsettled connections of one source at a time that are not yet peers
  /// @param unsettledInAll the same of all sources
  /// @param perSecond connections of one source in a second, on average
  /// @param atOnce connections of one source at once
  record Limits(int unsettled, int unsettledInAll, int perSecond, int atOnce) {
    /// Guesses: a household with a dozen nodes never meets them.
    static final Limits DEFAULT = new Limits(32, 1_024, 20, 256);
  }

  private static final class Source {
    private int unsettled;
    private double tokens;
    private Instant filledAt;

    Source(int tokens, Instant now) {
      this.tokens = tokens;
      this.filledAt = now;
    }
  }

  private final Limits limits;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<IpAddress, Source> sources = new LinkedHashMap<>(16, 0.75f, true);
  private int unsettledInAll;

  PxpDoor(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /// Whether a connection may come in; if so, [#settled(IpAddress)] has to follow.
  boolean admits(IpAddress ip) {
    lock.lock();
    try {
      Instant now = clock.instant();
      Source source = sources.computeIfAbsent(networkOf(ip), _ -> new Source(limits.atOnce, now));
      boolean may = mayEnter(source, now);
      if (may) {
        source.tokens--;
        source.unsettled++;
        unsettledInAll++;
      }
      forgetOne();
      return may;
    } finally {
      lock.unlock();
    }
  }

  private boolean mayEnter(Source source, Instant now) {
    double seconds = Duration.between(source.filledAt, now).toNanos() / 1e9;
    source.tokens = Math.min(limits.atOnce, source.tokens + seconds * limits.perSecond);
    source.filledAt = now;
    return source.tokens >= 1
        && source.unsettled < limits.unsettled
        && unsettledInAll < limits.unsettledInAll;
  }

  /// The one that came longest ago; if it has connections still, the next time.
  private void forgetOne() {
    if (sources.size() > SOURCES_MAX) {
      var eldest = sources.entrySet().iterator().next();
      if (eldest.getValue().unsettled == 0) {
        sources.remove(eldest.getKey());
      }
    }
  }

  /// A connection that was let in has become a peer, or is gone.
  void settled(IpAddress ip) {
    lock.lock();
    try {
      Source source = sources.get(networkOf(ip));
      if (source != null && source.unsettled > 0) {
        source.unsettled--;
        unsettledInAll--;
      }
    } finally {
      lock.unlock();
    }
  }

  /// How many sources are remembered.
  int sources() {
    lock.lock();
    try {
      return sources.size();
    } finally {
      lock.unlock();
    }
  }

  private static IpAddress networkOf(IpAddress ip) {
    return ip.family() == Family.V4 ? ip : ip.prefix(NETWORK_BITS_V6);
  }
}
