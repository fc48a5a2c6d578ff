package peerage.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import peerage.pxp.Backlog;
import peerage.pxp.Exchange;

/// What a peer wrote and the application has not read yet. The loop fills it, a thread of the
/// application empties it; [Backlog] decides what their difference means for the connection.
final class PxpInput extends InputStream {
  /// What the application is told when a stream was given up.
  static final String GIVEN_UP =
      "too much came that was not read in time, and the rest was dropped: read faster, or close"
          + " the stream";

  /// Whom the backlog concerns.
  interface Flow {
    /// Obey this advice. Called under the lock of the stream: must not block.
    void obey(Backlog.Advice advice);

    /// The advice has changed; called afterwards, without the lock.
    void changed();

    /// The application has closed the stream.
    void closed();
  }

  private record Chunk(ByteBuffer bytes, Exchange.Part part) {}

  private final InstantSource clock;
  private final Flow flow;
  private final PxpCounters counters;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private final Backlog backlog;
  private Backlog.Advice advice = Backlog.Advice.KEEP_READING;
  private boolean hasChanged; // and nobody was told
  private int waiting;
  private boolean ended; // nothing more is taken
  private boolean counted = true; // in the bytes of all streams
  private @Nullable String failure;

  PxpInput(InstantSource clock, Duration pause, PxpCounters counters, Flow flow) {
    this.clock = clock;
    this.backlog = new Backlog(pause);
    this.counters = counters;
    this.flow = flow;
  }

  // For the loop

  /// The peer wrote.
  void add(ByteBuffer bytes, Exchange.Part part) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      advise(backlog.added(bytes.remaining(), clock.instant()));
      if (advice == Backlog.Advice.GIVE_UP) {
        endNow(GIVEN_UP);
      } else {
        chunks.addLast(new Chunk(bytes, part));
        count(bytes.remaining());
        news.signalAll();
      }
    } finally {
      lock.unlock();
    }
    tell();
  }

  /// There is no memory for what waits here: all of it is dropped.
  void giveUp() {
    lock.lock();
    try {
      chunks.clear();
      count(-waiting);
      advise(Backlog.Advice.GIVE_UP);
      endNow(GIVEN_UP);
    } finally {
      lock.unlock();
    }
    tell();
  }

  /// Nothing more comes.
  ///
  /// @param why what reading throws after what is here; null for a proper end
  void end(@Nullable String why) {
    lock.lock();
    try {
      if (!ended) {
        endNow(why);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The peer is gone: what waits is the application's alone from now on.
  void abandon() {
    lock.lock();
    try {
      if (counted) {
        counters.buffered.addAndGet(-waiting);
        counted = false;
      }
    } finally {
      lock.unlock();
    }
  }

  /// Drops everything; reading throws.
  void drop(String why) {
    lock.lock();
    try {
      chunks.clear();
      count(-waiting);
      endNow(why);
    } finally {
      lock.unlock();
    }
  }

  /// Has the backlog look again.
  void look(Instant now) {
    lock.lock();
    try {
      if (!ended) {
        advise(backlog.at(now));
      }
    } finally {
      lock.unlock();
    }
    tell();
  }

  /// When to [#look(Instant)].
  Optional<Instant> nextDeadline() {
    lock.lock();
    try {
      return ended ? Optional.empty() : backlog.nextDeadline();
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  private void endNow(@Nullable String why) {
    ended = true;
    failure = why;
    news.signalAll();
  }

  private void count(int bytes) {
    waiting += bytes;
    if (counted) {
      counters.buffered.addAndGet(bytes);
    }
  }

  private void advise(Backlog.Advice now) {
    if (now != advice) {
      advice = now;
      hasChanged = true;
      flow.obey(now);
    }
  }

  private void tell() {
    boolean changed;
    lock.lock();
    try {
      changed = hasChanged;
      hasChanged = false;
    } finally {
      lock.unlock();
    }
    if (changed) {
      flow.changed();
    }
  }

  /// What the backlog said last.
  Backlog.Advice advice() {
    lock.lock();
    try {
      return advice;
    } finally {
      lock.unlock();
    }
  }

  // For the application

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    int size = 0;
    lock.lock();
    try {
      if (!await()) {
        return -1;
      }
      while (size < length && !chunks.isEmpty()) {
        size += take(target, offset + size, length - size);
      }
      taken(size);
    } finally {
      lock.unlock();
    }
    tell();
    return size;
  }

  private int take(byte[] target, int offset, int length) {
    Chunk first = chunks.getFirst();
    int size = Math.min(length, first.bytes.remaining());
    first.bytes.get(target, offset, size);
    if (!first.bytes.hasRemaining()) {
      chunks.removeFirst();
    }
    return size;
  }

  @Override
  public long transferTo(OutputStream target) throws IOException {
    long size = 0;
    for (Chunk next = next(); next != null; next = next()) {
      ByteBuffer bytes = next.bytes;
      size += bytes.remaining();
      StreamChannel.write(bytes, target);
    }
    return size;
  }

  /// The next bytes as they came, waiting for them; null at the end.
  private @Nullable Chunk next() throws IOException {
    Chunk first;
    lock.lock();
    try {
      if (!await()) {
        return null;
      }
      first = chunks.removeFirst();
      taken(first.bytes.remaining());
    } finally {
      lock.unlock();
    }
    tell();
    return first;
  }

  /// The rest of one write of the peer; empty at the end.
  ///
  /// @param most bytes
  Optional<byte[]> receive(int most) throws IOException {
    var message = new ArrayList<Chunk>();
    try {
      int size = 0;
      Chunk next = next();
      while (next != null) {
        message.add(next);
        size += next.bytes.remaining();
        if (size > most) {
          throw new IOException("a message is longer than " + most + " bytes");
        }
        if (next.part == Exchange.Part.LAST) {
          return Optional.of(joined(message, size));
        }
        next = next();
      }
      return size == 0 ? Optional.empty() : Optional.of(joined(message, size));
    } catch (InterruptedIOException e) {
      putBack(message);
      throw e;
    }
  }

  private static byte[] joined(List<Chunk> message, int size) {
    ByteBuffer all = ByteBuffer.allocate(size);
    message.forEach(chunk -> all.put(chunk.bytes));
    return all.array();
  }

  private void putBack(List<Chunk> message) {
    lock.lock();
    try {
      for (Chunk chunk : message.reversed()) {
        chunks.addFirst(chunk);
        count(chunk.bytes.remaining());
        advise(backlog.added(chunk.bytes.remaining(), clock.instant()));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits for bytes.
  ///
  /// @return false at the end
  private boolean await() throws IOException {
    try {
      if (chunks.isEmpty() && !ended) {
        advise(backlog.awaited(clock.instant()));
      }
      while (chunks.isEmpty() && !ended) {
        news.await();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to read");
    }
    if (chunks.isEmpty() && failure != null) {
      throw new IOException(failure);
    }
    return !chunks.isEmpty();
  }

  private void taken(int size) {
    count(-size);
    if (!ended) {
      advise(backlog.read(size, clock.instant()));
    }
  }

  @Override
  public int available() {
    return waiting();
  }

  @Override
  public void close() {
    drop("the stream is closed");
    flow.closed();
  }
}
