/// WebSocket as a wire of PXP.
@NullMarked
package peerage.websocket;

import org.jspecify.annotations.NullMarked;
