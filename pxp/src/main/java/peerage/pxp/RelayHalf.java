package peerage.pxp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One end of a relay: what comes from that side, until it goes to the other.
final class RelayHalf implements StreamUser {
  final Connection connection;
  final String stream;

  private final Relay relay;
  private final Deque<ByteBuffer> frames = new ArrayDeque<>();
  private final List<ByteBuffer> pieces = new ArrayList<>();
  private long waiting;
  private boolean ended;
  private boolean held;

  RelayHalf(Relay relay, Connection connection, String stream) {
    this.relay = relay;
    this.connection = connection;
    this.stream = stream;
  }

  @Override
  public void data(ByteBuffer bytes, Exchange.Part part) {
    if (ended) {
      return;
    }
    waiting += bytes.remaining();
    pieces.add(bytes);
    if (part == Exchange.Part.LAST) {
      frames.add(joined());
    }
    relay.came(this, bytes.remaining());
  }

  /// One write of the sender stays one write: a plain relay's ends may depend on it.
  private ByteBuffer joined() {
    ByteBuffer whole;
    if (pieces.size() == 1) {
      whole = pieces.getFirst();
    } else {
      whole = ByteBuffer.allocate(pieces.stream().mapToInt(ByteBuffer::remaining).sum());
      pieces.forEach(piece -> whole.put(piece.duplicate()));
      whole.flip();
    }
    pieces.clear();
    return whole;
  }

  @Override
  public void ended() {
    ended = true;
    relay.ended(this);
  }

  @Override
  public void lost(String why) {
    relay.lost(why);
  }

  /// The next write that waits; null if none does.
  @Nullable ByteBuffer poll() {
    ByteBuffer frame = frames.poll();
    if (frame != null) {
      waiting -= frame.remaining();
    }
    return frame;
  }

  /// Whether a whole write waits.
  boolean hasFrame() {
    return !frames.isEmpty();
  }

  /// Bytes that came and have not been passed on.
  long waiting() {
    return waiting;
  }

  /// Whether this side writes no more, and all that it wrote is passed on.
  boolean isOver() {
    return ended && frames.isEmpty();
  }

  /// Whether its sender is held back for our sake.
  boolean isHeld() {
    return held;
  }

  void setHeld(boolean value) {
    held = value;
  }
}
