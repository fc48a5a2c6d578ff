/// WebSocket as a wire of PXP.
module peerage.websocket {
  requires peerage.node;
  requires static org.jspecify;
}
