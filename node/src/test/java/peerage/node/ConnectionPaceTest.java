package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.wire.Block;
import peerage.wire.Frames;
import peerage.wire.Handshake;
import peerage.wire.Message;

/// What the limit on uploads holds back, and what it lets pass.
@Timeout(60)
final class ConnectionPaceTest {
  private static final int SIZE = 16 << 10;
  private static final Message PACED = new Message.Extended(2, new byte[SIZE]);

  /// So fast that three paced messages take half a second: the first is free.
  private static final int RATE = 64 << 10;

  @Test
  void contentThatIsNoBlockWaitsForItsTurnAndMessagesPassIt() throws Exception {
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (var theirs = SocketChannel.open(listener.getLocalAddress())) {
        Connection connection = connection(listener.accept());
        for (int i = 0; i < 3; i++) {
          connection.sendPaced(PACED, () -> {});
        }
        connection.send(new Message.Have(7));
        long start = System.nanoTime();
        connection.start();

        assertThat(read(theirs, 4)).containsExactly(new Message.Have(7), PACED, PACED, PACED);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isGreaterThan(Duration.ofMillis(300));
        connection.close("the test is over");
      }
    }
  }

  private static Connection connection(SocketChannel channel) {
    var handshake = new Handshake(0, InfoHash.parse("01".repeat(20)), PeerId.of(new byte[20]));
    var lines =
        new Connection.Lines(
            new BufferPool(), new RateLimiter(0), new RateLimiter(RATE), new Traffic());
    return new Connection(
        channel,
        new Link(1),
        PeerAddress.parse("127.0.0.1:6881").orElseThrow(),
        handshake,
        new NoContent(),
        lines,
        1);
  }

  private static List<Message> read(SocketChannel channel, int count)
      throws IOException, MalformedMessage {
    ByteBuffer buffer = ByteBuffer.allocate(2 * SIZE);
    var read = new ArrayList<Message>();
    while (read.size() < count && channel.read(buffer) >= 0) {
      buffer.flip();
      for (var message = Frames.read(buffer, buffer.capacity());
          message.isPresent();
          message = Frames.read(buffer, buffer.capacity())) {
        read.add(message.get());
      }
      buffer.compact();
    }
    return read;
  }

  private static final class NoContent implements Connection.Content {
    @Override
    public void store(Block block, ByteBuffer data) {}

    @Override
    public void load(Block block, ByteBuffer target) {}

    @Override
    public void arrived(Connection connection, List<Connection.Arrived> messages) {}

    @Override
    public void served(Connection connection, List<Block> blocks) {}

    @Override
    public void serveFailed(Connection connection, Block block, IOException why) {}

    @Override
    public void storeFailed(IOException why) {}

    @Override
    public void gone(Connection connection, String reason) {}
  }
}
