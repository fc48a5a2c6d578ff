package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.wire.Block;
import peerage.wire.Frames;
import peerage.wire.Message;

/// The reading half of a [Connection]: takes frames out of the bytes that come, stores the blocks
/// that were asked for, and hands on the rest. Its methods run on the reading thread, but for those
/// that say otherwise; with other threads it shares the two fields that are made for it, and what
/// the connection keeps behind its lock.
final class ConnectionReader {
  private static final int IDLE_BUFFER = 64;

  private final Connection connection;
  private final SocketChannel channel;
  private final Connection.Content content;
  private final Connection.Lines lines;
  private final int maxFrame;
  private volatile long receivedAt = System.nanoTime();
  private final AtomicReference<@Nullable Runnable> whenHeard = new AtomicReference<>();

  /// @param maxFrame no honest frame is longer, in bytes
  ConnectionReader(
      Connection connection,
      SocketChannel channel,
      Connection.Content content,
      Connection.Lines lines,
      int maxFrame) {
    this.connection = connection;
    this.channel = channel;
    this.content = content;
    this.lines = lines;
    this.maxFrame = maxFrame;
  }

  /// See [Connection#onNextByte(Runnable)]; from any thread.
  void onNextByte(Runnable call) {
    whenHeard.set(call);
  }

  /// Nanoseconds since a byte came in; from any thread.
  long silentFor(long now) {
    return now - receivedAt;
  }

  /// The reading thread: until the peer or we close.
  void run() {
    String reason = "a bug in Peerage";
    try {
      readFrames();
      reason = "it closed the connection";
    } catch (MalformedMessage e) {
      reason = "sent " + e.getMessage();
    } catch (IOException _) {
      reason = "connection lost";
    } finally {
      connection.ended(reason);
    }
  }

  /// Returns when the peer has closed.
  private void readFrames() throws IOException, MalformedMessage {
    ByteBuffer idle = ByteBuffer.allocate(IDLE_BUFFER);
    boolean open = receive(idle.clear());
    while (open) {
      open = readUntilIdle(idle.flip()) && receive(idle.clear());
    }
  }

  /// Reads on with a buffer of the pool until nothing is left over and nothing is expected.
  ///
  /// @return false at the end of the stream
  private boolean readUntilIdle(ByteBuffer begun) throws IOException, MalformedMessage {
    ByteBuffer buffer = lines.pool().borrow(bufferSize()).put(begun);
    try {
      do {
        takeFrames(buffer.flip());
        buffer.compact();
        if (buffer.position() == 0 && connection.expected() == 0) {
          return true;
        }
        int wanted = Math.max(bufferSize(), nextFrameSize(buffer));
        if (wanted > buffer.capacity()) {
          ByteBuffer smaller = buffer;
          buffer = lines.pool().borrow(wanted).put(smaller.flip());
          lines.pool().giveBack(smaller);
        }
      } while (receive(buffer));
      return false;
    } finally {
      lines.pool().giveBack(buffer);
    }
  }

  private int nextFrameSize(ByteBuffer buffer) throws MalformedMessage {
    return Frames.frameSize(buffer.duplicate().flip(), maxFrame).orElse(0);
  }

  private int bufferSize() {
    return connection.expected() > 1 ? BufferPool.LARGE : BufferPool.SMALL;
  }

  /// @return false at the end of the stream
  private boolean receive(ByteBuffer buffer) throws IOException {
    int count = channel.read(buffer);
    if (count < 0) {
      return false;
    }
    receivedAt = System.nanoTime();
    if (whenHeard.get() != null) {
      Runnable call = whenHeard.getAndSet(null);
      if (call != null) {
        call.run();
      }
    }
    lines.down().acquire(count);
    return true;
  }

  private void takeFrames(ByteBuffer buffer) throws MalformedMessage {
    var arrived = new ArrayList<Connection.Arrived>();
    try {
      for (var message = Frames.read(buffer, maxFrame);
          message.isPresent();
          message = Frames.read(buffer, maxFrame)) {
        arrived.add(take(message.get()));
      }
    } finally {
      if (!arrived.isEmpty()) {
        content.arrived(connection, arrived);
      }
    }
  }

  private Connection.Arrived take(Message message) {
    if (message instanceof Message.Piece piece) {
      Block block = piece.block();
      if (connection.takeOutstanding(block)) {
        lines.traffic().downloaded(block.length());
        try {
          content.store(block, piece.data());
        } catch (IOException e) {
          content.storeFailed(e);
        }
      } else {
        lines.traffic().wasted(block.length());
      }
      return new Connection.Arrived.OfBlock(block);
    }
    if (message instanceof Message.Reject(Block block)) {
      connection.takeOutstanding(block);
    }
    return new Connection.Arrived.OfMessage(message);
  }
}
