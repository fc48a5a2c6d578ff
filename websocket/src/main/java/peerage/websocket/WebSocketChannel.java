package peerage.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
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
import peerage.node.spi.Unread;

/// One WebSocket as a blocking byte stream.
///
/// A reader that is slow holds the socket back, and a socket that is slow holds the writer back.
/// Closing lets what was written leave, for [Limits#LINGER] at most, in the background.
final class WebSocketChannel implements ByteChannel {
  private final Channel channel;
  private final Unread unread = new Unread(this::hold);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition writable = lock.newCondition();

  WebSocketChannel(Channel channel) {
    this.channel = channel;
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
    unread.abandon(new ClosedChannelException());
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
    ByteBuf content = frame.content();
    unread.add(content.nioBuffer(), content::release);
  }

  /// The other side has said that it ends.
  void ended() {
    unread.end();
    sayGoodbye(WebSocketCloseStatus.NORMAL_CLOSURE);
  }

  /// The socket is closed.
  void lost() {
    unread.end();
    wakeWriter();
  }

  /// The socket or the other side broke.
  void failed(IOException why) {
    unread.fail(why);
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

  /// Has the socket read only while not too much waits.
  private void hold(long waiting) {
    ChannelConfig socket = channel.config();
    if (waiting >= Limits.UNREAD_HIGH) {
      socket.setAutoRead(false);
    } else if (waiting <= Limits.UNREAD_LOW && !socket.isAutoRead()) {
      socket.setAutoRead(true);
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
