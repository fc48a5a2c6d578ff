package peerage.cli;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// One direction of a TCP connection, put in order from segments that come late, twice or never.
final class TcpStream {
  /// What is held back while an earlier segment is awaited, in bytes (guess: more than a receive
  /// window of a slow line; a faster one that loses so much is given up on sooner).
  static final int MAX_HELD = 512 * 1024;

  /// Segments held back at most (guess: as above, in segments of 1 KiB).
  private static final int MAX_SEGMENTS = 512;

  /// A segment further ahead is nonsense: no window is larger (RFC 7323).
  private static final int MAX_AHEAD = 1 << 30;

  /// Takes the bytes of a stream.
  interface Taker {
    /// The next bytes; to be read before returning.
    void bytes(ByteBuffer bytes, Instant at);

    /// So many bytes are not in the capture.
    void gap(long count);
  }

  private record Held(ByteBuffer bytes, int missing, Instant at) {}

  private final Taker taker;
  private final TreeMap<Long, Held> held = new TreeMap<>();
  private boolean begun;
  private int origin;
  private long next;
  private int heldBytes;

  TcpStream(Taker taker) {
    this.taker = taker;
  }

  /// Bytes that are held back.
  int heldBytes() {
    return heldBytes;
  }

  void take(Segment segment) {
    int sequence = segment.sequence();
    if (segment.has(Segment.SYN)) {
      sequence++; // the flag takes a number
    }
    if (!begun) {
      begun = true;
      origin = sequence;
    }
    // Numbers wrap at 32 bits; `next` does not, and the difference is below 2^31.
    int ahead = sequence - (origin + (int) next);
    if (segment.isEmpty() || ahead > MAX_AHEAD || ahead < -MAX_AHEAD) {
      return;
    }
    if (ahead <= 0) {
      deliver(next + ahead, segment.payload(), segment.missing(), segment.at());
      deliverHeld();
    } else {
      hold(next + ahead, segment);
    }
  }

  private void hold(long start, Segment segment) {
    Held known = held.get(start);
    int size = segment.payload().remaining();
    if (known != null && known.bytes.remaining() >= size) {
      return;
    }
    ByteBuffer copy = ByteBuffer.allocate(size).put(segment.payload().duplicate()).flip();
    heldBytes += size - (known == null ? 0 : known.bytes.remaining());
    held.put(start, new Held(copy, segment.missing(), segment.at()));
    while (heldBytes > MAX_HELD || held.size() > MAX_SEGMENTS) {
      jump();
    }
  }

  /// What is awaited will not come any more.
  void end() {
    while (!held.isEmpty()) {
      jump();
    }
  }

  private void jump() {
    long start = held.firstKey();
    if (start > next) {
      taker.gap(start - next);
      next = start;
    }
    deliverHeld();
  }

  private void deliverHeld() {
    Map.Entry<Long, Held> first = held.firstEntry();
    while (first != null && first.getKey() <= next) {
      held.pollFirstEntry();
      Held segment = first.getValue();
      heldBytes -= segment.bytes.remaining();
      deliver(first.getKey(), segment.bytes, segment.missing, segment.at);
      first = held.firstEntry();
    }
  }

  /// Delivers what of a segment is new.
  private void deliver(long start, ByteBuffer payload, int missing, Instant at) {
    int old = (int) Math.min(next - start, payload.remaining());
    int fresh = payload.remaining() - old;
    if (fresh > 0) {
      next += fresh;
      taker.bytes(payload.slice(payload.position() + old, fresh), at);
    }
    long end = start + payload.remaining() + missing;
    if (missing > 0 && end > next) {
      taker.gap(end - next);
      next = end;
    }
  }
}
