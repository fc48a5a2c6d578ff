package peerage.node;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import peerage.bencode.MalformedMessage;
import peerage.wire.Handshake;

/// The first 68 bytes on a socket, in each direction.
final class Handshaking {
  /// How long the other side may take (libtorrent's `handshake_timeout`).
  static final Duration LIMIT = Duration.ofSeconds(10);

  private Handshaking() {}

  static void send(SocketChannel channel, Handshake handshake) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(handshake.encode());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  static Handshake receive(SocketChannel channel) throws IOException, MalformedMessage {
    ByteBuffer bytes = ByteBuffer.allocate(Handshake.SIZE);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("closed inside the handshake");
      }
      refuseEarly(bytes);
    }
    return Handshake.decode(bytes.flip());
  }

  /// Whoever begins otherwise, such as an encrypted or a web client, need not send all 68 bytes to
  /// be turned away.
  private static void refuseEarly(ByteBuffer bytes) throws MalformedMessage {
    if (bytes.position() > 0 && bytes.get(0) != Handshake.PREFIX_SIZE - 1) {
      throw new MalformedMessage("no BitTorrent handshake", 0);
    }
  }

  static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // closed is closed
    }
  }
}
