/// WebSocket as a wire of PXP, on Netty.
module peerage.websocket {
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires peerage.node;
  requires static org.jspecify;

  provides peerage.node.spi.PxpWire with
      peerage.websocket.WebSockets;
}
