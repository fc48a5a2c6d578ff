package peerage.websocket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ByteChannel;
import java.util.Set;
import java.util.function.BiConsumer;
import peerage.node.spi.PxpWire;

/// The wire of `ws` and `wss` addresses (RFC 6455), both ends, on Netty.
///
/// Bytes leave in binary messages; what comes in text messages is taken, too. No extension is
/// offered or taken, so nothing is compressed. A subprotocol that a client asks for is granted,
/// because browsers close a connection otherwise. Pages of any origin may connect: PXP has no
/// cookies or passwords that a page could misuse.
///
/// One daemon thread serves all connections of the process. It ends when the last connection and
/// the last listening socket are closed.
public final class WebSockets implements PxpWire {
  private static final Set<String> SCHEMES = Set.of("ws", "wss");

  @Override
  public Set<String> schemes() {
    return SCHEMES;
  }

  @Override
  public ByteChannel connect(URI where, Options options) throws IOException {
    return new Client(Place.toConnect(where), options).connect();
  }

  @Override
  public Listening listen(
      URI where, Options options, BiConsumer<ByteChannel, InetSocketAddress> acceptor)
      throws IOException {
    return Server.listen(Place.toListen(where), options, acceptor);
  }
}
