package peerage.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import peerage.pxp.Exchange;
import peerage.pxp.PeerRef;

/// What the application writes to a peer.
final class PxpOutput extends OutputStream {
  /// The most bytes that reach the other side as one piece: the longest frame that we send and
  /// take.
  static final int PIECE_MAX = 1 << 20;

  private final PeerRef peer;
  private final PxpLink link;
  private final PxpLoop loop;
  private final AtomicBoolean closed = new AtomicBoolean();

  PxpOutput(PeerRef peer, PxpLink link, PxpLoop loop) {
    this.peer = peer;
    this.link = link;
    this.loop = loop;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    int done = 0;
    while (done < length) {
      int size = Math.min(length - done, PIECE_MAX);
      writePiece(source, offset + done, size);
      done += size;
    }
  }

  private void writePiece(byte[] source, int offset, int size) throws IOException {
    link.reserve(size);
    if (closed.get()) {
      link.unreserve(size);
      throw new IOException("the stream to " + peer + " is closed");
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).put(source, offset, size).flip();
    if (!loop.post(() -> written(bytes, size))) {
      link.unreserve(size);
      throw new IOException(PxpLoop.CLOSED);
    }
  }

  private void written(ByteBuffer bytes, int size) {
    loop.handle(new Exchange.Input.Written(peer, bytes));
    link.unreserve(size);
  }

  /// Nothing can be written any more, and nothing has to be said.
  void cut() {
    closed.set(true);
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      loop.post(() -> loop.handle(new Exchange.Input.WritesEnded(peer)));
    }
  }
}
