package peerage.pxp;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One multiplexed byte stream (npm `multiplex` 6.7.0), both directions, after the magic. Knows
/// nothing of PXP's messages.
///
/// A stream has a name and two halves. Each side opens its own half under that name and writes only
/// there. Not thread-safe.
final class Mux {
  /// What came.
  sealed interface Event {
    /// The other side opened its half of a stream, whether we know the name or not. Said once, and
    /// not for a name that was forgotten.
    record Opened(String name) implements Event {}

    /// Bytes on a stream that is registered.
    ///
    /// @param bytes at least one; a slice of what was given to [Mux#receive]
    /// @param part whether they end one write of the other side
    record Data(String name, ByteBuffer bytes, Exchange.Part part) implements Event {}

    /// The other side will write no more on a stream that is registered: it ended its half, or
    /// destroyed either half. Said once.
    record Ended(String name) implements Event {}

    /// The other side broke the framing. Nothing follows; the connection is of no more use.
    ///
    /// @param rule what it did, as a clause to show
    record Broken(String rule) implements Event {}
  }

  /// Takes what came. Afterwards, ask [#takeReplies()].
  ///
  /// @param bytes all of it is taken. Events hold slices: nobody may change it afterwards
  /// @param events is added to
  void receive(ByteBuffer bytes, List<Event> events, Instant now) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Both sides know the name from now on: what was kept for it comes out. Harmless if it is
  /// registered.
  void register(String name, List<Event> events) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Whether a name is registered.
  boolean knows(String name) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Has no more to do with a stream: our half ends (the frame comes with [#takeReplies()]) and
  /// what
  /// still comes for it is dropped. The name may be registered anew.
  void forget(String name) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Writes one frame, and opens our half if need be. Nothing is written when there are no bytes,
  /// our half has ended, the other side destroyed it, or the name is not registered.
  ///
  /// @param bytes at most [PxpLimits#FRAME_BYTES_MAX]; taken as they are, not copied
  /// @param out is added to: one head, and the bytes
  void write(String name, ByteBuffer bytes, List<ByteBuffer> out) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Ends our half of a registered stream, once; opens it before if need be.
  void end(String name, List<ByteBuffer> out) {
    throw new UnsupportedOperationException("not yet");
  }

  /// What has to be sent because of what was received or forgotten, once.
  List<ByteBuffer> takeReplies() {
    throw new UnsupportedOperationException("not yet");
  }

  /// When [#tick] has something to drop.
  Optional<Instant> nextDeadline() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Drops what was kept too long for names that nobody registered.
  void tick(Instant now) {
    throw new UnsupportedOperationException("not yet");
  }
}
