package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import peerage.wire.Block;
import peerage.wire.Frames;

/// The writing half of a [Connection]: takes what waits there and writes it, as much as one call
/// carries. Its methods run on the writing thread, but for those that say otherwise; with other
/// threads it shares two times, and what the connection keeps behind its lock.
final class ConnectionWriter {
  private final Connection connection;
  private final SocketChannel channel;
  private final Connection.Content content;
  private final Connection.Lines lines;
  private volatile long sentAt = System.nanoTime();
  private volatile long writingSince;

  ConnectionWriter(
      Connection connection,
      SocketChannel channel,
      Connection.Content content,
      Connection.Lines lines) {
    this.connection = connection;
    this.channel = channel;
    this.content = content;
    this.lines = lines;
  }

  /// What one write call carries: messages first, then as much content as fits.
  static final class Batch {
    private static final int PIECE_HEADER = 13;

    private final ArrayList<Connection.Waiting> messages = new ArrayList<>(0);
    private final ArrayList<Block> blocks = new ArrayList<>(0);
    private int size;
    private int paced;

    void clear() {
      messages.clear();
      blocks.clear();
      size = 0;
      paced = 0;
    }

    boolean isEmpty() {
      return size == 0;
    }

    /// The first always fits, whatever its size.
    private boolean fits(int more) {
      return isEmpty() || size + more <= BufferPool.LARGE;
    }

    boolean fits(Connection.Waiting item) {
      return fits(Frames.size(item.message()));
    }

    boolean fits(Block block) {
      return fits(block.length() + PIECE_HEADER);
    }

    void add(Connection.Waiting item) {
      size += Frames.size(item.message());
      messages.add(item);
    }

    /// A message that the rate limit counts.
    void addPaced(Connection.Waiting item) {
      paced += Frames.size(item.message());
      add(item);
    }

    void add(Block block) {
      size += block.length() + PIECE_HEADER;
      blocks.add(block);
    }
  }

  /// Nanoseconds since a message left; from any thread.
  long quietFor(long now) {
    return now - sentAt;
  }

  /// Nanoseconds that the peer has not taken what we are writing, 0 if we are not; from any thread.
  long stuckFor(long now) {
    long since = writingSince;
    return since == 0 ? 0 : now - since;
  }

  /// The writing thread: until the connection is closed.
  void run() {
    String reason = "a bug in Peerage";
    try {
      var batch = new Batch();
      while (connection.awaitWork(batch)) {
        writeBatch(batch);
      }
      reason = "closed";
    } catch (IOException _) {
      reason = "connection lost";
    } finally {
      connection.close(reason);
    }
  }

  private void writeBatch(Batch batch) throws IOException {
    ByteBuffer buffer = lines.pool().borrow(batch.size);
    try {
      if (batch.paced > 0) { // what is not paced waits for nobody's turn
        lines.up().acquire(batch.paced);
      }
      for (Connection.Waiting item : batch.messages) {
        Frames.write(item.message(), buffer);
      }
      var served = new ArrayList<Block>(batch.blocks.size());
      for (Block block : batch.blocks) {
        if (load(block, buffer)) {
          served.add(block);
        }
      }
      writeFully(buffer.flip());
      batch.messages.forEach(ConnectionWriter::sent);
      if (!served.isEmpty()) {
        content.served(connection, served);
      }
    } finally {
      lines.pool().giveBack(buffer);
    }
  }

  private static void sent(Connection.Waiting item) {
    if (item.whenSent() != null) {
      item.whenSent().run();
    }
  }

  private boolean load(Block block, ByteBuffer buffer) {
    int start = buffer.position();
    lines.up().acquire(block.length());
    Frames.writePieceHeader(block, buffer);
    int end = buffer.position() + block.length();
    int limit = buffer.limit();
    try {
      content.load(block, buffer.limit(end));
      lines.traffic().uploaded(block.length());
      return true;
    } catch (IOException e) {
      buffer.position(start);
      content.serveFailed(connection, block, e);
      return false;
    } finally {
      buffer.limit(limit);
    }
  }

  private void writeFully(ByteBuffer buffer) throws IOException {
    writingSince = System.nanoTime();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    sentAt = System.nanoTime();
    writingSince = 0;
  }
}
