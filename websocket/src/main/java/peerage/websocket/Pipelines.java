package peerage.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import javax.net.ssl.SSLEngine;

/// What the pipelines of both ends have in common.
final class Pipelines {
  private Pipelines() {}

  static void tune(Channel channel) {
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    channel
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(Limits.UNSENT_LOW, Limits.UNSENT_HIGH));
  }

  static HttpDecoderConfig http() {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(Limits.HTTP_LINE_MAX)
        .setMaxHeaderSize(Limits.HTTP_HEADERS_MAX);
  }

  /// RFC 6455, section 5.1: "a server MUST close the connection upon receiving a frame that is not
  /// masked", and the client the other way round. Text is passed on as bytes, so it need not be
  /// UTF-8.
  static WebSocketDecoderConfig frames(boolean fromClient) {
    return WebSocketDecoderConfig.newBuilder()
        .expectMaskedFrames(fromClient)
        .allowMaskMismatch(false)
        .allowExtensions(false)
        .withUTF8Validator(false)
        .maxFramePayloadLength(Limits.FRAME_MAX)
        .build();
  }

  static SslHandler tls(SSLEngine engine, Duration within) {
    var handler = new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(within.toMillis());
    handler.setCloseNotifyFlushTimeoutMillis(Limits.LINGER.toMillis());
    return handler;
  }
}
