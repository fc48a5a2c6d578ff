package peerage.websocket;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/// The server's handshake: answers the first HTTP request of a connection, with the upgrade or with
/// a sentence.
final class Doorman extends ChannelInboundHandlerAdapter {
  /// Takes the first subprotocol that the client asks for, whatever it is.
  private static final String ANY_SUBPROTOCOL = "*";

  private final String path;
  private final BiConsumer<ByteChannel, InetSocketAddress> acceptor;
  private final Runnable done;
  private boolean isDone;
  private boolean isAnswered;

  /// @param path the only one that is served
  /// @param done is run once, when the handshake is over, one way or the other
  Doorman(String path, BiConsumer<ByteChannel, InetSocketAddress> acceptor, Runnable done) {
    this.path = path;
    this.acceptor = acceptor;
    this.done = done;
  }

  /// The time for the handshake is over: closes the channel if it is not done.
  void giveUp(Channel channel) {
    if (!isDone) {
      var _ = channel.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof FullHttpRequest request && !isAnswered) {
        isAnswered = true;
        answer(context, request);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    finish();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }

  private void answer(ChannelHandlerContext context, FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      refuse(context, HttpResponseStatus.BAD_REQUEST, "This is no HTTP request.");
    } else if (!pathOf(request.uri()).equals(path)) {
      refuse(context, HttpResponseStatus.NOT_FOUND, "There is nothing here.");
    } else if (!asksForUpgrade(request)) {
      refuse(
          context, HttpResponseStatus.UPGRADE_REQUIRED, "This is a node of PXP: use a WebSocket.");
    } else {
      upgrade(context, request);
    }
  }

  private static String pathOf(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static boolean asksForUpgrade(FullHttpRequest request) {
    return request.method().equals(HttpMethod.GET)
        && request
            .headers()
            .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && request
            .headers()
            .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
  }

  private void upgrade(ChannelHandlerContext context, FullHttpRequest request) {
    Channel channel = context.channel();
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory("", ANY_SUBPROTOCOL, Pipelines.frames(true))
            .newHandshaker(request);
    if (handshaker == null) {
      WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(channel)
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      var _ = context.close();
      return;
    }
    var stream = new WebSocketChannel(channel);
    // Before the answer leaves: frames may come right behind it.
    context.pipeline().addLast(new Frames(stream));
    handshaker
        .handshake(channel, request)
        .addListener(
            sent -> {
              finish();
              if (sent.isSuccess()) {
                context.pipeline().remove(this);
                Thread.startVirtualThread(() -> acceptor.accept(stream, remote));
              } else {
                var _ = context.close();
              }
            });
  }

  static void refuse(ChannelHandlerContext context, HttpResponseStatus status, String sentence) {
    byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
      response
          .headers()
          .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
          .set(HttpHeaderNames.CONNECTION, "Upgrade, close");
    }
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private void finish() {
    if (!isDone) {
      isDone = true;
      done.run();
    }
  }
}
