package peerage.node;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  /// Who has waited for room for so long is not just waiting its turn (guess).
  private static final Duration STALLED = Duration.ofSeconds(1);

  private static final String NOT_READ = "it does not read what we send";
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final ByteChannel channel;
  private final Link link;
  private final @Nullable IpAddress remote;
  private final Owner owner;
  private final Runnable afterClose;
  private final PxpThreads threads;
  private final PxpCounters counters;
  private final PxpTimes times;
  private final Alarm alarm;

  private final PxpSendQueue queue;
  private final ReadGate gate = new ReadGate();
  private final ReentrantLock starting = new ReentrantLock(); // so that closing misses no thread
  private @Nullable Thread reader;
  private @Nullable Thread writer;
  private volatile boolean ended;

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
    this.queue = new PxpSendQueue(counters);
  }

  Link link() {
    return link;
  }

  Optional<IpAddress> remote() {
    return Optional.ofNullable(remote);
  }

  void start() {
    starting.lock();
    try {
      reader = threads.start("pxp read " + link, this::read);
      writer = threads.start("pxp write " + link, this::write);
    } finally {
      starting.unlock();
    }
  }

  // For the loop; never blocks

  /// Queues bytes.
  void send(List<ByteBuffer> bytes) {
    if (!queue.add(bytes)) {
      close(NOT_READ);
    }
  }

  /// Closes once everything is out, or the other side takes nothing any more.
  void finish(String why) {
    if (queue.finish(why)) {
      gate.open();
      watch();
    }
  }

  /// Closes at once.
  void close(String why) {
    if (queue.close(why)) {
      gate.open();
      threads.start("pxp close " + link, this::closeChannel); // what it runs over may block
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
    return ended;
  }

  // For the application's threads

  /// Waits for room in the queue and takes some of it, until [#unreserve(int)].
  ///
  /// @throws InterruptedIOException if interrupted; the flag stays set
  /// @throws IOException if the link is closed
  void reserve(int bytes) throws IOException {
    if (queue.reserve(bytes, STALLED)) {
      return;
    }
    owner.stalled(this);
    try {
      var _ = queue.reserve(bytes, FOR_EVER);
    } finally {
      owner.flows(this);
    }
  }

  void unreserve(int bytes) {
    queue.unreserve(bytes);
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
    starting.lock();
    try {
      Stream.of(reader, writer).filter(Objects::nonNull).forEach(Thread::interrupt);
    } finally {
      starting.unlock();
    }
  }

  /// Closes when nothing has left between now and then.
  private void watch() {
    long before = queue.sent();
    alarm.after(times.stuck(), () -> closeIfStuck(before));
  }

  private void closeIfStuck(long sentBefore) {
    if (queue.isFinishing()) {
      if (queue.sent() == sentBefore) {
        close(NOT_READ);
      } else {
        watch();
      }
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
          ended = queue.isOpen();
          break;
        }
        pass(bytes);
      }
    } catch (IOException e) {
      why = "the connection was lost: " + e.getMessage();
    } finally {
      close(why);
      owner.ended(this, queue.reason(why));
    }
  }

  /// Waits until reading makes sense.
  ///
  /// @return false if it never will
  private boolean isTurnToRead() {
    gate.await();
    return !queue.isClosed();
  }

  private void pass(ByteBuffer bytes) {
    int size = bytes.remaining();
    counters.bytesIn.add(size);
    if (size > 0 && queue.isOpen()) { // else it is too late for the other side to say anything
      gate.passed(size);
      owner.received(this, bytes);
    }
  }

  // The writing thread

  private void write() {
    try {
      var batch = new WriteBatch();
      while (queue.fill(batch)) {
        long size = batch.writeTo(channel);
        counters.bytesOut.add(size);
        queue.written(size);
      }
      if (queue.isFinishing()) {
        finishChannel();
      }
    } catch (IOException e) {
      close("the connection was lost: " + e.getMessage());
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
