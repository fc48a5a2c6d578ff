package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.wire.Block;
import peerage.wire.Frames;
import peerage.wire.Handshake;
import peerage.wire.Message;

/// One connection after the handshakes: a virtual thread that reads ([ConnectionReader]) and one
/// that writes ([ConnectionWriter]). Owns the socket and nothing else; what the messages mean is
/// decided in the [TorrentLoop].
///
/// Three threads meet here: the loop queues, the writer takes from the queues, the reader asks
/// whether a block was asked for. All that they share is behind one lock, which is held for a few
/// steps in memory and never while bytes move: so the loop never waits for a peer.
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

  /// A message that is to leave.
  ///
  /// @param whenSent called on the writing thread when it has left
  record Waiting(Message message, @Nullable Runnable whenSent) {}

  private final SocketChannel channel;
  private final Link link;
  private final PeerAddress remote;
  private final Handshake handshake;
  private final Content content;
  private final RateLimiter up;
  private final HashSet<Block> outstanding = new HashSet<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
  private final ArrayDeque<Waiting> paced = new ArrayDeque<>(0);
  private final ArrayDeque<Block> serves = new ArrayDeque<>(0);
  private @Nullable String closedBecause;
  private final ConnectionReader reader;
  private final ConnectionWriter writer;

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
    this.up = lines.up();
    int maxFrame = Math.max(MAX_FRAME, Frames.maxLength(pieces) - Frames.MAX_LENGTH + MAX_FRAME);
    this.reader = new ConnectionReader(this, channel, content, lines, maxFrame);
    this.writer = new ConnectionWriter(this, channel, content, lines);
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
    Thread.ofVirtual().name("read " + remote).start(reader::run);
    Thread.ofVirtual().name("write " + remote).start(writer::run);
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

  /// Queues a message that counts as content: under a limit on what leaves it waits for its turn,
  /// as blocks do, and other messages pass it. Whoever calls bounds how many there are.
  void sendPaced(Message message, Runnable whenSent) {
    lock.lock();
    try {
      paced.addLast(new Waiting(message, whenSent));
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Has this called when the next byte comes in, on the reading thread; in the place of what was
  /// to be called.
  void onNextByte(Runnable call) {
    reader.onNextByte(call);
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
    return reader.silentFor(now);
  }

  /// Nanoseconds since a message left.
  long quietFor(long now) {
    return writer.quietFor(now);
  }

  /// Nanoseconds that the peer has not taken what we are writing; 0 if we are not.
  long stuckFor(long now) {
    return writer.stuckFor(now);
  }

  // For the reading thread

  /// A block came, or its refusal: it is expected no longer.
  ///
  /// @return whether it was
  boolean takeOutstanding(Block block) {
    lock.lock();
    try {
      return outstanding.remove(block);
    } finally {
      lock.unlock();
    }
  }

  /// Blocks that we have asked for.
  int expected() {
    lock.lock();
    try {
      return outstanding.size();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more can be read.
  void ended(String reason) {
    close(reason);
    content.gone(this, closedBecause == null ? reason : closedBecause);
  }

  // For the writing thread

  /// Waits until something is to be written, and takes as much of it as one call carries.
  ///
  /// @return false when closed
  boolean awaitWork(ConnectionWriter.Batch batch) {
    batch.clear();
    lock.lock();
    try {
      while (waiting.isEmpty() && paced.isEmpty() && serves.isEmpty() && closedBecause == null) {
        work.awaitUninterruptibly();
      }
      while (!waiting.isEmpty() && batch.fits(waiting.getFirst())) {
        batch.add(waiting.removeFirst());
      }
      while (!paced.isEmpty() && mayPace(batch) && batch.fits(paced.getFirst())) {
        batch.addPaced(paced.removeFirst());
      }
      while (!serves.isEmpty() && mayPace(batch) && batch.fits(serves.getFirst())) {
        batch.add(serves.removeFirst());
      }
      return closedBecause == null;
    } finally {
      lock.unlock();
    }
  }

  /// Under a rate limit content waits for its turn; nothing else shall wait with it.
  private boolean mayPace(ConnectionWriter.Batch batch) {
    return !up.isLimited() || batch.isEmpty();
  }
}
