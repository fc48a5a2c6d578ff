package peerage.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;

/// Puts a request and its body together. One with a body that is too long is refused and its
/// connection closed, where Netty would wait for the next request.
final class WholeRequests extends HttpObjectAggregator {
  WholeRequests() {
    super(Limits.HTTP_BODY_MAX);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    Doorman.refuse(
        context, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "This is a node of PXP: no bodies.");
  }
}
