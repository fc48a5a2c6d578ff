package peerage.websocket;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The one event loop of the process: there while anybody holds it.
///
/// It is a single loop, not a group, because Netty's groups start a thread that is no daemon when
/// they end.
final class Loop {
  /// What its thread is called.
  static final String THREAD = "peerage-websocket";

  /// How long the end of a loop may take at most, with what it still has to do, in seconds (guess).
  private static final int END_SECONDS = 1;

  private static @Nullable EventLoop loop;
  private static int holders;

  private Loop() {}

  /// Each call needs a [#release].
  static synchronized EventLoop hold() {
    holders++;
    EventLoop held = loop;
    if (held == null) {
      held =
          new SingleThreadIoEventLoop(
              null, Thread.ofPlatform().daemon().name(THREAD).factory(), NioIoHandler.newFactory());
      loop = held;
    }
    return held;
  }

  /// The last one ends the loop.
  static synchronized void release() {
    holders--;
    EventLoop held = loop;
    if (holders == 0 && held != null) {
      loop = null;
      var _ = held.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
    }
  }

  /// Holds the loop until the channel is closed.
  static void holdFor(Channel channel) {
    hold();
    channel.closeFuture().addListener(_ -> release());
  }
}
