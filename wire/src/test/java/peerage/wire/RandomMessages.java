package peerage.wire;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// Messages for property tests, of every kind that can be written.
final class RandomMessages {
  private RandomMessages() {}

  static Message any(RandomGenerator random) {
    return switch (random.nextInt(16)) {
      case 0 -> new Message.KeepAlive();
      case 1 -> new Message.Choke();
      case 2 -> new Message.Unchoke();
      case 3 -> new Message.Interested();
      case 4 -> new Message.NotInterested();
      case 5 -> new Message.Have(number(random));
      case 6 -> new Message.Bitfield(bytes(random));
      case 7 -> new Message.Request(block(random));
      case 8 -> new Message.Piece(number(random), number(random), ByteBuffer.wrap(bytes(random)));
      case 9 -> new Message.Cancel(block(random));
      case 10 -> new Message.Port(random.nextInt(0x10000));
      case 11 -> new Message.Suggest(number(random));
      case 12 -> random.nextBoolean() ? new Message.HaveAll() : new Message.HaveNone();
      case 13 -> new Message.Reject(block(random));
      case 14 -> new Message.AllowedFast(number(random));
      default -> new Message.Extended(random.nextInt(256), bytes(random));
    };
  }

  private static Block block(RandomGenerator random) {
    return new Block(number(random), number(random), number(random));
  }

  private static int number(RandomGenerator random) {
    return random.nextInt(Integer.MAX_VALUE) >> random.nextInt(31);
  }

  private static byte[] bytes(RandomGenerator random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }
}
