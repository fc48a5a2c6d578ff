package peerage.node.spi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;

/// Carries PXP connections to and from where a URI points. Found by [java.util.ServiceLoader].
///
/// A connection is a [ByteChannel] whose calls block, with one reader and one writer at a time.
/// Closing it from any thread ends both at once with an [IOException]. Borders between writes mean
/// nothing. Reading returns -1 when the other side has closed.
public interface PxpWire {
  /// The schemes that it takes, in lower case: `ws`, `wss`.
  Set<String> schemes();

  /// Connects.
  ///
  /// @throws IOException with a sentence that says what failed
  ByteChannel connect(URI where, Options options) throws IOException;

  /// Listens. The acceptor is called once for each connection, from a thread that may be kept for
  /// long, with the other side's address.
  ///
  /// @param where port 0 or none for any; an empty host (`ws://:8080/pxp`) for all addresses
  /// @throws IOException with a sentence that says what failed
  Listening listen(URI where, Options options, BiConsumer<ByteChannel, InetSocketAddress> acceptor)
      throws IOException;

  /// A listening socket; closing it leaves accepted connections alone.
  interface Listening extends AutoCloseable {
    /// Where it listens, with the port that was taken.
    InetSocketAddress address();

    @Override
    void close();
  }

  /// What every wire is told.
  ///
  /// @param within how long connecting, with all handshakes below PXP, may take
  /// @param tls keys and trust for `tls` and `wss`; empty for the JDK's default, which can connect
  ///     but not listen
  record Options(Duration within, Optional<SSLContext> tls) {}
}
