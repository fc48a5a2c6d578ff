package peerage.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;

/// A channel over two streams: those of a TLS socket, or what an application brings along. Buffers
/// to read into have arrays.
final class StreamChannel implements ByteChannel, HalfClosing {
  /// Ends the streams from another thread.
  @FunctionalInterface
  interface Cut {
    void run() throws IOException;
  }

  private final InputStream in;
  private final OutputStream out;
  private final Cut finish;
  private final Cut cut;
  private volatile boolean open = true;

  /// @param finish says that nothing more is written
  /// @param cut ends both directions, also while they are in use
  StreamChannel(InputStream in, OutputStream out, Cut finish, Cut cut) {
    this.in = in;
    this.out = out;
    this.finish = finish;
    this.cut = cut;
  }

  /// Over streams of which nothing is known.
  static StreamChannel of(InputStream in, OutputStream out) {
    return new StreamChannel(in, out, out::close, () -> closeBoth(in, out));
  }

  private static void closeBoth(InputStream in, OutputStream out) throws IOException {
    try (in) {
      out.close();
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    ensureOpen();
    int size =
        in.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
    if (size > 0) {
      target.position(target.position() + size);
    }
    return size;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    ensureOpen();
    int size = source.remaining();
    write(source, out);
    out.flush();
    source.position(source.limit());
    return size;
  }

  /// Writes what remains of a buffer to a stream, and leaves the buffer as it is.
  static void write(ByteBuffer source, OutputStream target) throws IOException {
    if (source.hasArray()) {
      target.write(source.array(), source.arrayOffset() + source.position(), source.remaining());
    } else {
      byte[] copy = new byte[source.remaining()];
      source.duplicate().get(copy);
      target.write(copy);
    }
  }

  private void ensureOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void finish() throws IOException {
    finish.run();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      cut.run();
    }
  }
}
