package peerage.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpWire;

/// A listening socket on loopback, and what connects to it.
final class Wire implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofSeconds(20);

  final BlockingQueue<ByteChannel> accepted = new LinkedBlockingQueue<>();
  private final PxpWire wire = new WebSockets();
  private final PxpWire.Options options;
  private final PxpWire.Listening listening;
  private final String scheme;

  Wire() throws IOException {
    this(null, WITHIN);
  }

  Wire(@Nullable SSLContext tls, Duration within) throws IOException {
    scheme = tls == null ? "ws" : "wss";
    options = new PxpWire.Options(within, Optional.ofNullable(tls));
    listening =
        wire.listen(
            URI.create(scheme + "://127.0.0.1:0/pxp"),
            options,
            (channel, _) -> accepted.add(channel));
  }

  InetSocketAddress address() {
    return listening.address();
  }

  URI uri(String host, String path) {
    return URI.create(scheme + "://" + host + ":" + address().getPort() + path);
  }

  ByteChannel connect() throws IOException {
    return wire.connect(uri("127.0.0.1", "/pxp"), options);
  }

  ByteChannel accept() throws InterruptedException {
    ByteChannel channel = accepted.poll(WITHIN.toSeconds(), TimeUnit.SECONDS);
    assertThat(channel).as("a connection that was accepted").isNotNull();
    return channel;
  }

  /// A plain socket that has sent these lines, joined by CRLF.
  Socket say(String... lines) throws IOException {
    var socket = new Socket(address().getAddress(), address().getPort());
    socket.setSoTimeout((int) WITHIN.toMillis());
    String request = String.join("\r\n", lines) + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  /// A plain socket with the handshake done.
  Socket shakeHands(String... more) throws IOException {
    String[] lines = {
      "GET /pxp HTTP/1.1",
      "Host: localhost",
      "Upgrade: websocket",
      "Connection: keep-alive, Upgrade",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      String.join("\r\n", more)
    };
    int count = more.length == 0 ? lines.length - 1 : lines.length;
    return say(Arrays.copyOf(lines, count));
  }

  /// Reads up to the end of the head.
  static String head(Socket socket) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    return head.toString();
  }

  static byte[] read(ByteChannel channel, int size) throws IOException {
    var target = ByteBuffer.allocate(size);
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        break;
      }
    }
    return target.array();
  }

  static void write(ByteChannel channel, byte[] content) {
    try {
      channel.write(ByteBuffer.wrap(content));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static void shut(ByteChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    listening.close();
  }
}
