package peerage.websocket;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ByteChannel;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpWire;

/// Connects to one place.
final class Client {
  /// The addresses of one name that are tried (guess).
  private static final int ADDRESSES_MAX = 4;

  private final Place place;
  private final PxpWire.Options options;

  Client(Place place, PxpWire.Options options) {
    this.place = place;
    this.options = options;
  }

  /// Tries the addresses of the host in turn, within the time in all.
  ByteChannel connect() throws IOException {
    long end = System.nanoTime() + options.within().toNanos();
    InetAddress[] addresses = addresses();
    IOException last = new IOException("Connecting to " + place.uri() + " failed.");
    for (int i = 0; i < Math.min(addresses.length, ADDRESSES_MAX); i++) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (left.isPositive()) {
        try {
          return connect(addresses[i], left);
        } catch (IOException e) {
          last = e;
        }
      }
    }
    throw last;
  }

  private InetAddress[] addresses() throws IOException {
    try {
      return InetAddress.getAllByName(place.host());
    } catch (UnknownHostException e) {
      throw new IOException("The host " + place.host() + " has no known address.", e);
    }
  }

  private ByteChannel connect(InetAddress address, Duration within) throws IOException {
    SSLContext tls = place.tls() ? tls() : null;
    var result = new CompletableFuture<WebSocketChannel>();
    EventLoop loop = Loop.hold();
    try {
      Channel channel =
          new Bootstrap()
              .group(loop)
              .channel(NioSocketChannel.class)
              .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(within))
              .handler(pipeline(tls, within, result))
              .connect(new InetSocketAddress(address, place.port()))
              .addListener(
                  dialled -> {
                    if (!dialled.isSuccess()) {
                      result.completeExceptionally(dialled.cause());
                    }
                  })
              .channel();
      Loop.holdFor(channel);
      return await(result, channel, within);
    } finally {
      Loop.release();
    }
  }

  private ChannelHandler pipeline(
      @Nullable SSLContext tls, Duration within, CompletableFuture<WebSocketChannel> result) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        Pipelines.tune(channel);
        if (tls != null) {
          channel.pipeline().addLast(Pipelines.tls(engine(tls), within));
        }
        channel
            .pipeline()
            .addLast(
                new HttpClientCodec(Pipelines.http(), false, false),
                new HttpObjectAggregator(Limits.HTTP_BODY_MAX),
                new Caller(place, result));
      }
    };
  }

  /// RFC 2818, section 3.1: the certificate must be for the host that the address names.
  private SSLEngine engine(SSLContext tls) {
    SSLEngine engine = tls.createSSLEngine(place.host(), place.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  private SSLContext tls() throws IOException {
    try {
      return options.tls().isPresent() ? options.tls().get() : SSLContext.getDefault();
    } catch (GeneralSecurityException e) {
      throw new IOException("The JDK's default trust for TLS cannot be loaded.", e);
    }
  }

  private ByteChannel await(
      CompletableFuture<WebSocketChannel> result, Channel channel, Duration within)
      throws IOException {
    try {
      return result.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw failure(channel, String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw failure(channel, "no WebSocket within " + within.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(channel, "it was interrupted", e);
    }
  }

  private IOException failure(Channel channel, String why, Throwable cause) {
    var _ = channel.close();
    return new IOException("Connecting to " + place.uri() + " failed: " + why + ".", cause);
  }

  private static int millis(Duration within) {
    return Math.clamp(within.toMillis(), 1, Integer.MAX_VALUE);
  }
}
