package peerage.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/// The end of the pipeline once the handshake is done: gives the content of messages, of text and
/// of parts of them, to the [WebSocketChannel].
final class Frames extends ChannelInboundHandlerAdapter {
  private final WebSocketChannel target;

  Frames(WebSocketChannel target) {
    this.target = target;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    switch (message) {
      case PingWebSocketFrame ping -> answer(context, ping);
      case PongWebSocketFrame pong -> pong.release();
      case CloseWebSocketFrame close -> {
        close.release();
        target.ended();
      }
      case WebSocketFrame data -> target.arrived(data);
      default -> ReferenceCountUtil.release(message);
    }
  }

  /// Whoever sends pings and reads no answers gets none once its share of the memory is full.
  private static void answer(ChannelHandlerContext context, PingWebSocketFrame ping) {
    if (context.channel().isWritable()) {
      var _ = context.writeAndFlush(new PongWebSocketFrame(ping.content()));
    } else {
      ping.release();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    target.wakeWriter();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    target.lost();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    target.failed(
        cause instanceof IOException io
            ? io
            : new IOException("the WebSocket broke: " + cause.getMessage(), cause));
  }
}
