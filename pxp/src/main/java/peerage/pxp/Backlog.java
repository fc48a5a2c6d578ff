package peerage.pxp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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

  /// With the usual bounds.
  public Backlog() {
    this(PxpLimits.READER_PAUSE);
  }

  /// @param pause who has not read for so long does not make the connection wait
  public Backlog(Duration pause) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Bytes came.
  public Advice added(int bytes, Instant now) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The application is waiting for bytes, of which there are none.
  public Advice awaited(Instant now) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The application took bytes.
  public Advice read(int bytes, Instant now) {
    throw new UnsupportedOperationException("not yet");
  }

  /// What to do now; ask when [#nextDeadline()] comes.
  public Advice at(Instant now) {
    throw new UnsupportedOperationException("not yet");
  }

  /// When a hold ends though nothing happens.
  public Optional<Instant> nextDeadline() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Bytes that wait for their reader.
  public int waiting() {
    throw new UnsupportedOperationException("not yet");
  }
}
