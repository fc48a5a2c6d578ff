package peerage.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One WebSocket as a blocking byte stream.
///
/// A reader that is slow holds the socket back, and a socket that is slow holds the writer back.
/// Closing lets what was written leave, for [Limits#LINGER] at most, in the background.
final class WebSocketChannel implements ByteChannel {
  private final Channel channel;
  private final Arrivals arrivals;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition writable = lock.newCondition();

  WebSocketChannel(Channel channel) {
    this.channel = channel;
    this.arrivals = new Arrivals(channel.config());
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (closed.get()) {
      throw new ClosedChannelException();
    }
    return target.hasRemaining() ? arrivals.take(target) : 0;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int count = source.remaining();
    while (source.hasRemaining()) {
      awaitWritable();
      int size = Math.min(source.remaining(), Limits.FRAME_SENT);
      ByteBuffer part = source.slice(source.position(), size);
      var frame = new BinaryWebSocketFrame(channel.alloc().buffer(size).writeBytes(part));
      var _ = channel.writeAndFlush(frame);
      source.position(source.position() + size);
    }
    return count;
  }

  @Override
  public boolean isOpen() {
    return !closed.get() && channel.isActive();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    // What still comes goes into nothing, so that the other side goes on and reads what we wrote.
    arrivals.abandon(new ClosedChannelException());
    wakeWriter();
    if (!channel.isActive()) {
      return;
    }
    try {
      sayGoodbye(WebSocketCloseStatus.NORMAL_CLOSURE);
      var _ =
          channel.eventLoop().schedule(this::cut, Limits.LINGER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      // the last channel has closed meanwhile, and the loop with it
    }
  }

  /// A frame came, whose content is ours to release.
  void arrived(WebSocketFrame frame) {
    arrivals.add(frame.content());
  }

  /// The other side has said that it ends.
  void ended() {
    arrivals.end(null);
    sayGoodbye(WebSocketCloseStatus.NORMAL_CLOSURE);
  }

  /// The socket is closed.
  void lost() {
    arrivals.end(null);
    wakeWriter();
  }

  /// The socket or the other side broke.
  void failed(IOException why) {
    arrivals.end(why);
    var _ = channel.close();
    wakeWriter();
  }

  /// The socket may have room again.
  void wakeWriter() {
    lock.lock();
    try {
      writable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitWritable() throws IOException {
    lock.lock();
    try {
      while (!channel.isWritable() && isOpen()) {
        writable.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    if (closed.get()) {
      throw new ClosedChannelException();
    }
    if (!channel.isActive()) {
      throw new IOException("the other side has closed the connection");
    }
  }

  private void cut() {
    var _ = channel.close();
  }

  private void sayGoodbye(WebSocketCloseStatus status) {
    channel
        .writeAndFlush(new CloseWebSocketFrame(status, ""))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
