package peerage.pxp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What to do about the bytes of one application stream that wait for their reader.
///
/// The multiplexer has no flow control of its own, so a stream that nobody reads would stop all
/// others of its connection, or fill our memory. A reader that is at work, but slow, makes the
/// connection wait. A stream that nobody reads never does: it is kept up to a limit, and then given
/// up. The driver says what happens and obeys. Not thread-safe.
public final class Backlog {
  /// What to do.
  public enum Advice {
    /// Read on from the connection.
    KEEP_READING,
    /// Stop reading from the connection.
    HOLD,
    /// Drop the stream, and what comes on it. Final.
    GIVE_UP
  }

  private final Duration pause;
  private @Nullable Instant lastRead;
  private boolean awaited;
  private boolean holding;
  private boolean givenUp;
  private long waiting;

  /// With the usual bounds.
  public Backlog() {
    this(PxpLimits.READER_PAUSE);
  }

  /// @param pause who has not read for so long does not make the connection wait; more than nothing
  public Backlog(Duration pause) {
    if (!pause.isPositive()) {
      throw new IllegalArgumentException("the pause of a reader is positive, not " + pause);
    }
    this.pause = pause;
  }

  /// Bytes came.
  public Advice added(int bytes, Instant now) {
    if (awaited) { // the reader is woken by them, and gets its time to take them
      awaited = false;
      lastRead = now;
    }
    waiting += bytes;
    return at(now);
  }

  /// The application is waiting for bytes, of which there are none.
  public Advice awaited(Instant now) {
    awaited = true;
    return at(now);
  }

  /// The application took bytes.
  public Advice read(int bytes, Instant now) {
    awaited = false;
    lastRead = now;
    waiting = Math.max(0, waiting - bytes);
    return at(now);
  }

  /// What to do now; ask when [#nextDeadline()] comes.
  public Advice at(Instant now) {
    givenUp |= waiting > PxpLimits.BACKLOG_MAX;
    if (givenUp) {
      return Advice.GIVE_UP;
    }
    long bound = holding ? PxpLimits.BACKLOG_LOW : PxpLimits.BACKLOG_HIGH;
    holding = waiting > bound && isRead(now);
    return holding ? Advice.HOLD : Advice.KEEP_READING;
  }

  private boolean isRead(Instant now) {
    return lastRead != null && now.isBefore(lastRead.plus(pause));
  }

  /// When a hold ends though nothing happens.
  public Optional<Instant> nextDeadline() {
    return holding && !givenUp && lastRead != null
        ? Optional.of(lastRead.plus(pause))
        : Optional.empty();
  }

  /// Bytes that wait for their reader.
  public long waiting() {
    return waiting;
  }
}
