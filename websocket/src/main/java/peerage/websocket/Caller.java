package peerage.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// The client's handshake: asks for the upgrade and reads the answer.
final class Caller extends ChannelInboundHandlerAdapter {
  private final Place place;
  private final CompletableFuture<WebSocketChannel> result;
  private final WebSocketClientHandshaker handshaker;

  Caller(Place place, CompletableFuture<WebSocketChannel> result) {
    this.place = place;
    this.result = result;
    this.handshaker =
        new WebSocketClientHandshaker13(
            place.uri(),
            WebSocketVersion.V13,
            null,
            false,
            new DefaultHttpHeaders(),
            Limits.FRAME_MAX,
            true,
            false,
            0);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (!place.tls()) {
      ask(context);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent tls && tls.isSuccess()) {
      ask(context);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof FullHttpResponse response && !handshaker.isHandshakeComplete()) {
        finish(context, response);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(context, new IOException("the other side closed the connection in the handshake"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable inner = cause.getCause();
    fail(context, inner == null ? cause : inner);
  }

  private void ask(ChannelHandlerContext context) {
    handshaker
        .handshake(context.channel())
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                fail(context, sent.cause());
              }
            });
  }

  private void finish(ChannelHandlerContext context, FullHttpResponse response) {
    if (response.decoderResult().isFailure()) {
      fail(context, new IOException("the answer is no HTTP"));
      return;
    }
    if (response.status().code() != 101) {
      fail(context, new IOException("the other side answered " + response.status()));
      return;
    }
    var channel = new WebSocketChannel(context.channel());
    context.pipeline().replace(this, "frames", new Frames(channel));
    try {
      handshaker.finishHandshake(context.channel(), response);
    } catch (RuntimeException e) {
      fail(context, e);
      return;
    }
    if (!result.complete(channel)) {
      var _ = context.close();
    }
  }

  private void fail(ChannelHandlerContext context, Throwable why) {
    result.completeExceptionally(why);
    var _ = context.close();
  }
}
