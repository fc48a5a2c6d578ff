package peerage.node.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Bytes that have come over a wire and wait for the application: filled by a thread of the wire,
/// emptied by one reader that may block. Borders between what was added mean nothing.
///
/// It has no bound of its own, because wires differ in what they can do: the one holds the other
/// side back when the level is high, the other looks at [#level()] before it adds.
public final class Unread {
  /// What a waiting piece costs beside its bytes: its buffer and its place here (guess).
  public static final int PIECE_COST = 64;

  private final LongConsumer watcher;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Piece> waiting = new ArrayDeque<>();
  private long level;
  private boolean ended;
  private @Nullable IOException failure;

  private record Piece(ByteBuffer bytes, Runnable release) {}

  /// @param watcher is told the level whenever it has changed, under the lock, so that neither side
  ///     acts on what the other has just changed; it must not block
  public Unread(LongConsumer watcher) {
    this.watcher = watcher;
  }

  /// How much waits, in bytes, with [#PIECE_COST] for each piece.
  public long level() {
    lock.lock();
    try {
      return level;
    } finally {
      lock.unlock();
    }
  }

  /// Takes bytes over, until the release. After the end it does nothing but release them.
  ///
  /// @param release called once, from any thread, when the bytes are needed no more
  public void add(ByteBuffer bytes, Runnable release) {
    lock.lock();
    try {
      if (ended || !bytes.hasRemaining()) {
        release.run();
        return;
      }
      waiting.add(new Piece(bytes, release));
      changed.signal();
      setLevel(level + bytes.remaining() + PIECE_COST);
    } finally {
      lock.unlock();
    }
  }

  /// The other side has ended in good order; what waits can still be read. Only the first end
  /// counts.
  public void end() {
    endAs(null);
  }

  /// Nothing more comes; what waits can still be read, and then this is told. Only the first end
  /// counts.
  public void fail(IOException why) {
    endAs(why);
  }

  private void endAs(@Nullable IOException why) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        failure = why;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// What waits is given up, and so is what still comes; this is told whoever reads.
  public void abandon(IOException why) {
    lock.lock();
    try {
      ended = true;
      failure = why;
      waiting.forEach(piece -> piece.release.run());
      waiting.clear();
      changed.signalAll();
      setLevel(0);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something to read or nothing comes any more.
  ///
  /// @return how many bytes went into the target; -1 at the end
  /// @throws IOException at an end that is a failure
  public int take(ByteBuffer target) throws IOException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !ended) {
        changed.awaitUninterruptibly();
      }
      return waiting.isEmpty() ? atEnd() : move(target);
    } finally {
      lock.unlock();
    }
  }

  private int atEnd() throws IOException {
    IOException why = failure;
    if (why != null) {
      throw new IOException(why.getMessage(), why); // with the reader's stack trace
    }
    return -1;
  }

  private int move(ByteBuffer target) {
    int before = target.remaining();
    long read = 0;
    while (target.hasRemaining() && !waiting.isEmpty()) {
      Piece first = waiting.element();
      read += moveFrom(first.bytes, target);
      if (!first.bytes.hasRemaining()) {
        waiting.remove().release.run();
        read += PIECE_COST;
      }
    }
    setLevel(level - read);
    return before - target.remaining();
  }

  private static int moveFrom(ByteBuffer source, ByteBuffer target) {
    int count = Math.min(target.remaining(), source.remaining());
    target.put(target.position(), source, source.position(), count);
    target.position(target.position() + count);
    source.position(source.position() + count);
    return count;
  }

  private void setLevel(long now) {
    level = now;
    watcher.accept(now);
  }
}
