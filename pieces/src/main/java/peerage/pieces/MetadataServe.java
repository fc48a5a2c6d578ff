package peerage.pieces;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.wire.MetadataMessage;

/// Serves the metadata of one torrent to peers that have a magnet (BEP 9), as much as is polite to
/// ask for.
///
/// Not thread-safe; owned by one loop.
public final class MetadataServe {
  /// How often all of it is served on one connection. BEP 9: "Typically the number of pieces of
  /// metadata times a factor"; the factor is a guess.
  static final int TIMES = 3;

  /// Requests of one connection that wait; Transmission's bound.
  static final int MAX_WAITING = 64;

  /// Blocks of one connection that are on the way into the socket: its memory.
  static final int MAX_SENDING = 2;

  /// What happened.
  public sealed interface Input {
    /// The peer asks for a block.
    record Asked(Link link, int block) implements Input {}

    /// What an [Output.Send] held has left.
    record Sent(Link link) implements Input {}

    /// The connection is gone.
    record PeerLeft(Link link) implements Input {}

    /// The metadata is here and verified.
    ///
    /// @param info read only, from its position to its limit
    record Arrived(ByteBuffer info) implements Input {}
  }

  /// What the driver is to do.
  public sealed interface Output {
    /// Send this; if it is a [MetadataMessage.Data], answer with [Input.Sent] when it has left.
    record Send(Link link, MetadataMessage message) implements Output {}
  }

  /// A peer that has asked.
  private static final class Client {
    final ArrayDeque<Integer> waiting = new ArrayDeque<>(0);
    int sending;
    int served;
  }

  private final Map<Link, Client> clients = new LinkedHashMap<>();
  private @Nullable ByteBuffer info;

  /// Takes in one event.
  public List<Output> handle(Input input) {
    return switch (input) {
      case Input.Asked(Link link, int block) -> asked(link, block);
      case Input.Sent(Link link) -> sent(link);
      case Input.PeerLeft(Link link) -> {
        clients.remove(link);
        yield List.of();
      }
      case Input.Arrived(ByteBuffer bytes) -> {
        info = bytes.slice();
        yield List.of();
      }
    };
  }

  /// BEP 9: "Peers that do not have the entire metadata MUST respond with a reject message to any
  /// metadata request."
  private List<Output> asked(Link link, int block) {
    ByteBuffer bytes = info;
    if (bytes == null || block < 0 || block >= MetadataMessage.blocks(bytes.limit())) {
      return List.of(new Output.Send(link, new MetadataMessage.Reject(block)));
    }
    Client client = clients.computeIfAbsent(link, _ -> new Client());
    int most = TIMES * MetadataMessage.blocks(bytes.limit());
    if (client.served >= most || client.waiting.size() >= MAX_WAITING) {
      return List.of(new Output.Send(link, new MetadataMessage.Reject(block)));
    }
    client.served++;
    if (client.sending >= MAX_SENDING) {
      client.waiting.addLast(block);
      return List.of();
    }
    client.sending++;
    return List.of(new Output.Send(link, data(bytes, block)));
  }

  private List<Output> sent(Link link) {
    Client client = clients.get(link);
    ByteBuffer bytes = info;
    if (client == null || bytes == null) {
      return List.of();
    }
    Integer next = client.waiting.pollFirst();
    if (next == null) {
      client.sending--;
      return List.of();
    }
    return List.of(new Output.Send(link, data(bytes, next)));
  }

  private static MetadataMessage data(ByteBuffer info, int block) {
    int size = info.limit();
    byte[] bytes = new byte[MetadataMessage.blockLength(size, block)];
    info.get(block * MetadataMessage.BLOCK_SIZE, bytes);
    return new MetadataMessage.Data(block, size, bytes);
  }
}
