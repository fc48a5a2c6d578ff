package peerage.websocket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpWire;

/// One listening socket.
final class Server extends ChannelInitializer<Channel> implements PxpWire.Listening {
  private final Place place;
  private final PxpWire.Options options;
  private final BiConsumer<ByteChannel, InetSocketAddress> acceptor;
  private final AtomicInteger handshakes = new AtomicInteger();
  private @Nullable Channel socket;

  private Server(
      Place place, PxpWire.Options options, BiConsumer<ByteChannel, InetSocketAddress> acceptor) {
    this.place = place;
    this.options = options;
    this.acceptor = acceptor;
  }

  static Server listen(
      Place place, PxpWire.Options options, BiConsumer<ByteChannel, InetSocketAddress> acceptor)
      throws IOException {
    if (place.tls() && options.tls().isEmpty()) {
      throw new IOException("Listening on " + place.uri() + " needs a key: give an SSLContext.");
    }
    var server = new Server(place, options, acceptor);
    server.open();
    return server;
  }

  private void open() throws IOException {
    EventLoop loop = Loop.hold();
    try {
      var bound =
          new ServerBootstrap()
              .group(loop)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_REUSEADDR, true)
              .option(ChannelOption.SO_BACKLOG, Limits.BACKLOG)
              .childHandler(this)
              .bind(where())
              .awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new IOException(
            "Listening on " + place.uri() + " failed: " + bound.cause().getMessage() + ".",
            bound.cause());
      }
      socket = bound.channel();
      Loop.holdFor(bound.channel());
    } finally {
      Loop.release();
    }
  }

  private InetSocketAddress where() throws IOException {
    try {
      return place.host().isEmpty()
          ? new InetSocketAddress(place.port())
          : new InetSocketAddress(InetAddress.getByName(place.host()), place.port());
    } catch (UnknownHostException e) {
      throw new IOException("The host " + place.host() + " has no known address.", e);
    }
  }

  @Override
  public InetSocketAddress address() {
    if (socket != null && socket.localAddress() instanceof InetSocketAddress address) {
      return address;
    }
    throw new IllegalStateException("it listens no more");
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.close().awaitUninterruptibly();
    }
  }

  @Override
  protected void initChannel(Channel channel) {
    if (handshakes.incrementAndGet() > Limits.HANDSHAKES_MAX) {
      handshakes.decrementAndGet();
      var _ = channel.close();
      return;
    }
    Loop.holdFor(channel);
    Pipelines.tune(channel);
    options
        .tls()
        .filter(_ -> place.tls())
        .ifPresent(tls -> channel.pipeline().addLast(Pipelines.tls(engine(tls), options.within())));
    var doorman = new Doorman(place.path(), acceptor, handshakes::decrementAndGet);
    channel.pipeline().addLast(new HttpServerCodec(Pipelines.http()), new WholeRequests(), doorman);
    var _ =
        channel
            .eventLoop()
            .schedule(
                () -> doorman.giveUp(channel), options.within().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static SSLEngine engine(SSLContext tls) {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    return engine;
  }
}
