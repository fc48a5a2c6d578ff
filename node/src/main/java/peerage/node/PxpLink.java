package peerage.node;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import peerage.peers.IpAddress;
import peerage.peers.Link;

/// One byte stream to another node: a virtual thread that reads and one that writes. What the bytes
/// mean is decided in the [PxpLoop].
///
/// Reading stops while a reader of the application is slow, or the loop is behind. Writing never
/// blocks the loop: who writes for the application waits for room before, and whoever does not read
/// what we send is closed.
final class PxpLink {
  /// Who has a link, on the link's own threads.
  interface Owner {
    /// Bytes came; to be answered with [PxpLink#handled(int)].
    void received(PxpLink link, ByteBuffer bytes);

    /// The other side has taken nothing for a while that the application wants to write.
    void stalled(PxpLink link);

    /// It takes something again, or nobody waits for it any more; after [#stalled].
    void flows(PxpLink link);

    /// The link has ended; said once.
    void ended(PxpLink link, String why);
  }

  /// Bytes that may wait to be sent while the application adds more (guess).
  static final int ROOM = 1 << 20;

  /// The same when all links together have more than [#ALL_LINKS_MANY].
  static final int LITTLE_ROOM = 64 * 1024;

  /// So much waiting on all links is a lot of memory (guess).
  static final long ALL_LINKS_MANY = 128L << 20;

  /// With so much waiting, the other side does not read (guess: four of the longest frames beyond
  /// what the application may add).
  static final int QUEUE_MAX = 8 << 20;

  /// Who has waited for room for so long is not just waiting its turn (guess).
  private static final Duration STALLED = Duration.ofSeconds(1);

  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private enum State {
    OPEN,
    FINISHING,
    CLOSED
  }

  private final ByteChannel channel;
  private final Link link;
  private final @Nullable IpAddress remote;
  private final Owner owner;
  private final Runnable afterClose;
  private final PxpThreads threads;
  private final PxpCounters counters;
  private final PxpTimes times;
  private final Alarm alarm;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();
  private final ReadGate gate = new ReadGate();
  private State state = State.OPEN;
  private @Nullable Thread reader;
  private @Nullable Thread writer;
  private @Nullable String closedBecause;
  private boolean ended;
  private long queued;
  private long reserved;
  private long sent;

  /// What the links of one network share.
  ///
  /// @param threads runs them
  /// @param counters what is counted
  /// @param times how long the other side is waited for
  /// @param alarm ends the waiting
  record Shared(PxpThreads threads, PxpCounters counters, PxpTimes times, Alarm alarm) {}

  /// @param remote the other side's address, if known
  /// @param afterClose called when the channel was closed
  PxpLink(
      ByteChannel channel,
      Link link,
      Optional<IpAddress> remote,
      Owner owner,
      Shared shared,
      Runnable afterClose) {
    this.channel = channel;
    this.link = link;
    this.remote = remote.orElse(null);
    this.owner = owner;
    this.afterClose = afterClose;
    this.threads = shared.threads;
    this.counters = shared.counters;
    this.times = shared.times;
    this.alarm = shared.alarm;
  }

  Link link() {
    return link;
  }

  Optional<IpAddress> remote() {
    return Optional.ofNullable(remote);
  }

  void start() {
    lock.lock();
    try {
      reader = threads.start("pxp read " + link, this::read);
      writer = threads.start("pxp write " + link, this::write);
    } finally {
      lock.unlock();
    }
  }

  // For the loop; never blocks

  /// Queues bytes.
  void send(List<ByteBuffer> bytes) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        return;
      }
      long size = 0;
      for (ByteBuffer each : bytes) {
        queue.addLast(each);
        size += each.remaining();
      }
      queued += size;
      counters.queued.addAndGet(size);
      if (queued > QUEUE_MAX) {
        closeNow("it does not read what we send");
      }
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Closes once everything is out, or the other side takes nothing any more.
  void finish(String why) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        return;
      }
      state = State.FINISHING;
      closedBecause = why;
      room.signalAll();
      gate.open();
      work.signal();
      watch(sent);
    } finally {
      lock.unlock();
    }
  }

  /// Closes at once.
  void close(String why) {
    lock.lock();
    try {
      closeNow(why);
    } finally {
      lock.unlock();
    }
  }

  /// The loop is done with bytes that were received.
  void handled(int bytes) {
    gate.handled(bytes);
  }

  // For any thread; never blocks

  /// Reads no more until the holder releases it.
  void hold(Object holder) {
    gate.hold(holder);
  }

  void release(Object holder) {
    gate.release(holder);
  }

  /// Whether the other side has ended it in good order, after which nothing is missing.
  boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  // For the application's threads

  /// Waits for room in the queue and takes some of it, until [#unreserve(int)].
  ///
  /// @throws InterruptedIOException if interrupted; the flag stays set
  /// @throws IOException if the link is closed
  void reserve(int bytes) throws IOException {
    if (reserve(bytes, STALLED)) {
      return;
    }
    owner.stalled(this);
    try {
      reserve(bytes, FOR_EVER);
    } finally {
      owner.flows(this);
    }
  }

  /// @return false if there is no room within that time
  private boolean reserve(int bytes, Duration time) throws IOException {
    long nanos = time.toNanos();
    lock.lock();
    try {
      while (state == State.OPEN && queued + reserved > roomNow() && nanos > 0) {
        nanos = room.awaitNanos(nanos);
      }
      if (state != State.OPEN) {
        throw new IOException("the connection is closed: " + closedBecause);
      }
      reserved += nanos > 0 ? bytes : 0;
      return nanos > 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to write");
    } finally {
      lock.unlock();
    }
  }

  private int roomNow() {
    return counters.queued.get() > ALL_LINKS_MANY ? LITTLE_ROOM : ROOM;
  }

  void unreserve(int bytes) {
    lock.lock();
    try {
      reserved -= bytes;
      room.signal();
    } finally {
      lock.unlock();
    }
  }

  private void closeNow(String why) {
    if (state == State.CLOSED) {
      return;
    }
    if (closedBecause == null) {
      closedBecause = why;
    }
    state = State.CLOSED;
    counters.queued.addAndGet(-queued);
    queued = 0;
    queue.clear();
    room.signalAll();
    gate.open();
    work.signal();
    threads.start("pxp close " + link, this::closeChannel); // what it runs over may block
  }

  /// Streams that the application brought need not notice that they were closed; most notice an
  /// interrupt.
  private void closeChannel() {
    try {
      channel.close();
    } catch (IOException _) {
      // closed is closed
    }
    afterClose.run();
    lock.lock();
    try {
      Stream.of(reader, writer).filter(Objects::nonNull).forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }

  /// Closes when nothing has left between now and then.
  private void watch(long sentBefore) {
    alarm.after(times.stuck(), () -> closeIfStuck(sentBefore));
  }

  private void closeIfStuck(long sentBefore) {
    lock.lock();
    try {
      if (state == State.FINISHING && sent == sentBefore) {
        closeNow("it does not read what we send");
      } else if (state == State.FINISHING) {
        watch(sent);
      }
    } finally {
      lock.unlock();
    }
  }

  // The reading thread

  private void read() {
    String why = "a bug in Peerage";
    try {
      var buffers = new ReadBuffers();
      while (isTurnToRead()) {
        ByteBuffer bytes = buffers.read(channel);
        if (bytes == null) {
          why = "the other side closed the connection";
          markEnded();
          break;
        }
        pass(bytes);
      }
    } catch (IOException e) {
      why = "the connection was lost: " + e.getMessage();
    } finally {
      close(why);
      owner.ended(this, reason(why));
    }
  }

  private String reason(String otherwise) {
    lock.lock();
    try {
      return closedBecause == null ? otherwise : closedBecause;
    } finally {
      lock.unlock();
    }
  }

  private void markEnded() {
    lock.lock();
    try {
      ended = state == State.OPEN;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until reading makes sense.
  ///
  /// @return false if it never will
  private boolean isTurnToRead() {
    gate.await();
    lock.lock();
    try {
      return state != State.CLOSED;
    } finally {
      lock.unlock();
    }
  }

  private void pass(ByteBuffer bytes) {
    int size = bytes.remaining();
    counters.bytesIn.add(size);
    lock.lock();
    try {
      if (size == 0 || state != State.OPEN) {
        return; // it is too late for the other side to say anything
      }
      gate.passed(size);
    } finally {
      lock.unlock();
    }
    owner.received(this, bytes);
  }

  // The writing thread

  private void write() {
    try {
      var batch = new WriteBatch();
      while (fill(batch)) {
        long size = batch.writeTo(channel);
        counters.bytesOut.add(size);
        counters.queued.addAndGet(-size);
        written(size);
      }
      if (isFinishing()) {
        finishChannel();
      }
    } catch (IOException e) {
      close("the connection was lost: " + e.getMessage());
    }
  }

  /// Waits for something to send.
  ///
  /// @return false if there never will be
  private boolean fill(WriteBatch batch) {
    lock.lock();
    try {
      while (state == State.OPEN && queue.isEmpty()) {
        work.awaitUninterruptibly();
      }
      return batch.takeFrom(queue);
    } finally {
      lock.unlock();
    }
  }

  private void written(long size) {
    lock.lock();
    try {
      if (state == State.CLOSED) {
        counters.queued.addAndGet(size); // closing has counted it already
        return;
      }
      queued -= size;
      sent += size;
      room.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFinishing() {
    lock.lock();
    try {
      return state == State.FINISHING;
    } finally {
      lock.unlock();
    }
  }

  /// All is sent: the other side closes, too, or does not and is closed. Closing at once could take
  /// back what it has not read yet.
  private void finishChannel() throws IOException {
    alarm.after(times.linger(), () -> close("closed"));
    if (channel instanceof SocketChannel socket) {
      socket.shutdownOutput();
    } else if (channel instanceof HalfClosing other) {
      other.finish();
    } else {
      close("closed");
    }
  }
}
