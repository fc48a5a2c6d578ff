/// WebSocket as a wire of PXP: [WebSockets] connects and listens, a [WebSocketChannel] is one
/// connection.
@NullMarked
package peerage.websocket;

import org.jspecify.annotations.NullMarked;
