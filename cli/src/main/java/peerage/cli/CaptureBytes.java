package peerage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// Reads a capture file forward, and knows where it is.
final class CaptureBytes {
  private final InputStream in;
  private ByteOrder order = ByteOrder.BIG_ENDIAN;
  private long position;
  private boolean cutOff;

  CaptureBytes(InputStream in) {
    this.in = in;
  }

  /// How numbers are written from here on.
  void order(ByteOrder now) {
    order = now;
  }

  boolean isCutOff() {
    return cutOff;
  }

  /// The next bytes.
  ///
  /// @return empty if there are fewer; what is left is passed over
  Optional<ByteBuffer> read(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    position += bytes.length;
    if (bytes.length < count) {
      cutOff |= bytes.length > 0;
      return Optional.empty();
    }
    return Optional.of(ByteBuffer.wrap(bytes).order(order));
  }

  /// The next bytes of something that has begun already, so that an end here is one too early.
  Optional<ByteBuffer> readRest(int count) throws IOException {
    Optional<ByteBuffer> rest = read(count);
    cutOff |= rest.isEmpty();
    return rest;
  }

  /// Passes over bytes.
  void skip(long count) throws IOException {
    long skipped = 0;
    while (skipped < count) {
      int step = in.readNBytes((int) Math.min(count - skipped, 8192)).length;
      if (step == 0) {
        cutOff = true;
        return;
      }
      skipped += step;
    }
    position += skipped;
  }

  MalformedMessage malformed(String problem) {
    return new MalformedMessage(problem, (int) Math.min(position, Integer.MAX_VALUE));
  }
}
