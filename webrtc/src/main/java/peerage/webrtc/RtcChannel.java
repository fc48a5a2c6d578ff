package peerage.webrtc;

import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.Unread;

/// A data channel as a blocking byte stream.
///
/// The lock guards calls to the native library, which must not meet the channel's end. Callbacks
/// never take it: the library waits for them while it holds locks of its own.
final class RtcChannel implements ByteChannel {
  private final Unread unread = new Unread(_ -> {});
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Runnable whenClosed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ending = lock.newCondition();
  private volatile int messageMax = Limits.MESSAGE_SENT;
  private @Nullable RTCDataChannel nativeChannel;

  /// @param whenClosed is run when the application closes it
  RtcChannel(RTCDataChannel nativeChannel, Runnable whenClosed) {
    this.nativeChannel = nativeChannel;
    this.whenClosed = whenClosed;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (closed.get()) {
      throw new ClosedChannelException();
    }
    return target.hasRemaining() ? unread.take(target) : 0;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int count = source.remaining();
    while (source.hasRemaining()) {
      byte[] message = new byte[Math.min(source.remaining(), messageMax)];
      source.get(source.position(), message);
      send(message);
      source.position(source.position() + message.length);
    }
    return count;
  }

  @Override
  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      unread.abandon(new ClosedChannelException());
      whenClosed.run();
    }
  }

  /// The longest message to send from now on, in bytes.
  void limitTo(int bytes) {
    messageMax = bytes;
  }

  /// A message has come; its memory is the caller's.
  ///
  /// @return whether there was room for it; if not, nothing more comes
  boolean arrived(ByteBuffer message) {
    long level = unread.level() + message.remaining() + Unread.PIECE_COST;
    if (level > Limits.UNREAD_MAX) {
      unread.fail(
          new IOException(
              "what came was not read, until more than " + Limits.UNREAD_MAX + " bytes waited"));
      return false;
    }
    var copy = new byte[message.remaining()];
    message.get(copy);
    unread.add(ByteBuffer.wrap(copy), () -> {});
    return true;
  }

  /// The other side has closed it.
  void ended() {
    unread.end();
  }

  /// It is lost.
  void failed(IOException why) {
    unread.fail(why);
  }

  /// Takes the native channel away from readers and writers, to be disposed of.
  @Nullable RTCDataChannel detach() {
    lock.lock();
    try {
      RTCDataChannel detached = nativeChannel;
      nativeChannel = null;
      ending.signalAll();
      return detached;
    } finally {
      lock.unlock();
    }
  }

  private void send(byte[] message) throws IOException {
    lock.lock();
    try {
      RTCDataChannel target = open();
      while (target.getBufferedAmount() > Limits.UNSENT_MAX) {
        // The lock is free meanwhile.
        var _ = ending.awaitNanos(Limits.UNSENT_POLL.toNanos());
        target = open();
      }
      target.send(new RTCDataChannelBuffer(ByteBuffer.wrap(message), true));
    } catch (IOException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new IOException("writing was interrupted", e);
    } catch (Exception | Error e) {
      // Native methods throw a plain Error.
      throw new IOException("the data channel takes nothing any more: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private RTCDataChannel open() throws IOException {
    if (closed.get()) {
      throw new ClosedChannelException();
    }
    RTCDataChannel target = nativeChannel;
    if (target == null || target.getState() != RTCDataChannelState.OPEN) {
      throw new IOException("the other side has closed the connection");
    }
    return target;
  }
}
