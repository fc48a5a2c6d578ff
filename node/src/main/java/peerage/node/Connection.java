package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.wire.Block;
import peerage.wire.Frames;
import peerage.wire.Handshake;
import peerage.wire.Message;

/// One connection after the handshakes: a virtual thread that reads and one that writes. Owns the
/// socket and nothing else; what the messages mean is decided in the [TorrentLoop].
///
/// Content takes the short way: a block that was asked for goes from the receive buffer to the
/// [Content], and one that is served comes from there into the send buffer; the loop sees names
/// only.
final class Connection {
  /// Where this connection's messages go and its content comes from. Called on the connection's own
  /// threads; may block, which holds the peer back.
  interface Content {
    /// Stores a block that was outstanding.
    void store(Block block, ByteBuffer data) throws IOException;

    /// Fills the buffer's remaining bytes with a block.
    void load(Block block, ByteBuffer target) throws IOException;

    /// Messages arrived, in order; a [Message.Piece] comes as [Arrived.OfBlock].
    void arrived(Connection connection, List<Arrived> messages);

    /// These blocks left.
    void served(Connection connection, List<Block> blocks);

    /// This block could not be read from storage.
    void serveFailed(Connection connection, Block block, IOException why);

    /// A block could not be written to storage.
    void storeFailed(IOException why);

    /// The connection is gone; said once.
    void gone(Connection connection, String reason);
  }

  /// What arrived.
  sealed interface Arrived {
    /// A message without content.
    record OfMessage(Message message) implements Arrived {}

    /// A block, already stored if it was outstanding.
    record OfBlock(Block block) implements Arrived {}
  }

  /// Everything that is not a block. What we ask for has 16 KiB, an honest extension message less,
  /// and rTorrent too closes over 32 KiB.
  private static final int MAX_FRAME = 32 * 1024;

  /// Messages that may wait for a peer that does not read, before we give it up.
  private static final int MAX_WAITING = 20_000;

  private static final int IDLE_BUFFER = 64;

  private record Waiting(Message message, @Nullable Runnable whenSent) {}

  private final SocketChannel channel;
  private final Link link;
  private final PeerAddress remote;
  private final Handshake handshake;
  private final Content content;
  private final Lines lines;
  private final int maxFrame;
  private final HashSet<Block> outstanding = new HashSet<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
  private final ArrayDeque<Block> serves = new ArrayDeque<>(0);
  private @Nullable String closedBecause;
  private volatile long receivedAt = System.nanoTime();
  private volatile long sentAt = System.nanoTime();
  private volatile long writingSince;
  private final AtomicReference<@Nullable Runnable> whenHeard = new AtomicReference<>();

  /// What the connections of one [Peerage] share.
  ///
  /// @param pool buffers
  /// @param down how fast bytes may come in
  /// @param up how fast content may leave
  /// @param traffic what is counted
  record Lines(BufferPool pool, RateLimiter down, RateLimiter up, Traffic traffic) {}

  Connection(
      SocketChannel channel,
      Link link,
      PeerAddress remote,
      Handshake handshake,
      Content content,
      Lines lines,
      int pieces) {
    this.channel = channel;
    this.link = link;
    this.remote = remote;
    this.handshake = handshake;
    this.content = content;
    this.lines = lines;
    this.maxFrame = Math.max(MAX_FRAME, Frames.maxLength(pieces) - Frames.MAX_LENGTH + MAX_FRAME);
  }

  Link link() {
    return link;
  }

  PeerAddress remote() {
    return remote;
  }

  Handshake handshake() {
    return handshake;
  }

  void start() {
    Thread.ofVirtual().name("read " + remote).start(this::read);
    Thread.ofVirtual().name("write " + remote).start(this::write);
  }

  // Called by the loop; never blocks

  /// Queues a message. A request becomes outstanding, a cancelled one no longer is.
  void send(Message message) {
    send(message, null);
  }

  void send(Message message, @Nullable Runnable whenSent) {
    lock.lock();
    try {
      if (message instanceof Message.Request(Block block)) {
        outstanding.add(block);
      } else if (message instanceof Message.Cancel(Block block)) {
        outstanding.remove(block);
      }
      waiting.addLast(new Waiting(message, whenSent));
      if (waiting.size() > MAX_WAITING) {
        closeNow("it does not read what we send");
      }
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Has this called when the next byte comes in, on the reading thread; in the place of what was
  /// to be called.
  void onNextByte(Runnable call) {
    whenHeard.set(call);
  }

  /// Queues a block to be read from storage and sent.
  void serve(Block block) {
    lock.lock();
    try {
      serves.addLast(block);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /// None of our requests counts any more.
  void forgetRequests() {
    lock.lock();
    try {
      outstanding.clear();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the connection; [Content#gone] follows.
  void close(String reason) {
    lock.lock();
    try {
      closeNow(reason);
    } finally {
      lock.unlock();
    }
  }

  private void closeNow(String reason) {
    if (closedBecause == null) {
      closedBecause = reason;
    }
    work.signal();
    try {
      channel.close();
    } catch (IOException _) {
      // closed is closed
    }
  }

  /// Whether [#close(String)] was called or the peer is gone.
  boolean isClosed() {
    lock.lock();
    try {
      return closedBecause != null;
    } finally {
      lock.unlock();
    }
  }

  /// Nanoseconds since a byte came in.
  long silentFor(long now) {
    return now - receivedAt;
  }

  /// Nanoseconds since a message left.
  long quietFor(long now) {
    return now - sentAt;
  }

  /// Nanoseconds that the peer has not taken what we are writing; 0 if we are not.
  long stuckFor(long now) {
    long since = writingSince;
    return since == 0 ? 0 : now - since;
  }

  // The reading thread

  private void read() {
    String reason = "a bug in Peerage";
    try {
      readFrames();
      reason = "it closed the connection";
    } catch (MalformedMessage e) {
      reason = "sent " + e.getMessage();
    } catch (IOException _) {
      reason = "connection lost";
    } finally {
      close(reason);
      content.gone(this, closedBecause == null ? reason : closedBecause);
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
        if (buffer.position() == 0 && !isExpecting()) {
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
    lock.lock();
    try {
      return outstanding.size() > 1 ? BufferPool.LARGE : BufferPool.SMALL;
    } finally {
      lock.unlock();
    }
  }

  private boolean isExpecting() {
    lock.lock();
    try {
      return !outstanding.isEmpty();
    } finally {
      lock.unlock();
    }
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
    var arrived = new ArrayList<Arrived>();
    try {
      for (var message = Frames.read(buffer, maxFrame);
          message.isPresent();
          message = Frames.read(buffer, maxFrame)) {
        arrived.add(take(message.get()));
      }
    } finally {
      if (!arrived.isEmpty()) {
        content.arrived(this, arrived);
      }
    }
  }

  private Arrived take(Message message) {
    if (message instanceof Message.Piece piece) {
      Block block = piece.block();
      if (takeOutstanding(block)) {
        lines.traffic().downloaded(block.length());
        try {
          content.store(block, piece.data());
        } catch (IOException e) {
          content.storeFailed(e);
        }
      } else {
        lines.traffic().wasted(block.length());
      }
      return new Arrived.OfBlock(block);
    }
    if (message instanceof Message.Reject(Block block)) {
      takeOutstanding(block);
    }
    return new Arrived.OfMessage(message);
  }

  private boolean takeOutstanding(Block block) {
    lock.lock();
    try {
      return outstanding.remove(block);
    } finally {
      lock.unlock();
    }
  }

  // The writing thread

  private void write() {
    String reason = "a bug in Peerage";
    try {
      var batch = new Batch();
      while (awaitWork(batch)) {
        writeBatch(batch);
      }
      reason = "closed";
    } catch (IOException _) {
      reason = "connection lost";
    } finally {
      close(reason);
    }
  }

  /// What one write call carries: messages first, then as many blocks as fit.
  private static final class Batch {
    final ArrayList<Waiting> messages = new ArrayList<>(0);
    final ArrayList<Block> blocks = new ArrayList<>(0);
    int size;

    void clear() {
      messages.clear();
      blocks.clear();
      size = 0;
    }

    /// The first always fits, whatever its size.
    boolean fits(int more) {
      return size == 0 || size + more <= BufferPool.LARGE;
    }
  }

  /// @return false when closed
  private boolean awaitWork(Batch batch) {
    batch.clear();
    lock.lock();
    try {
      while (waiting.isEmpty() && serves.isEmpty() && closedBecause == null) {
        work.awaitUninterruptibly();
      }
      while (!waiting.isEmpty() && batch.fits(Frames.size(waiting.getFirst().message()))) {
        batch.size += Frames.size(waiting.getFirst().message());
        batch.messages.add(waiting.removeFirst());
      }
      int maxBlocks = maxBlocks(batch);
      while (!serves.isEmpty()
          && batch.blocks.size() < maxBlocks
          && batch.fits(serves.getFirst().length() + 13)) {
        batch.size += serves.getFirst().length() + 13;
        batch.blocks.add(serves.removeFirst());
      }
      return closedBecause == null;
    } finally {
      lock.unlock();
    }
  }

  /// Under a rate limit a block waits for its turn; nothing else shall wait with it.
  private int maxBlocks(Batch batch) {
    if (!lines.up().isLimited()) {
      return Integer.MAX_VALUE;
    }
    return batch.messages.isEmpty() ? 1 : 0;
  }

  private void writeBatch(Batch batch) throws IOException {
    ByteBuffer buffer = lines.pool().borrow(batch.size);
    try {
      for (Waiting item : batch.messages) {
        Frames.write(item.message(), buffer);
      }
      var served = new ArrayList<Block>(batch.blocks.size());
      for (Block block : batch.blocks) {
        if (load(block, buffer)) {
          served.add(block);
        }
      }
      writeFully(buffer.flip());
      batch.messages.forEach(Connection::sent);
      if (!served.isEmpty()) {
        content.served(this, served);
      }
    } finally {
      lines.pool().giveBack(buffer);
    }
  }

  private static void sent(Waiting item) {
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
      content.serveFailed(this, block, e);
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
