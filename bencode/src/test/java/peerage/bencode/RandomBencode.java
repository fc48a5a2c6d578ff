package peerage.bencode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Values for property tests.
final class RandomBencode {
  private RandomBencode() {}

  static Bencoded value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 0 ? 4 : 2)) {
      case 0 -> new Bencoded.Int(random.nextLong() >> random.nextInt(64));
      case 1 -> new Bencoded.Bytes(bytes(random, 20));
      case 2 -> {
        var items = new ArrayList<Bencoded>();
        for (int i = random.nextInt(5); i > 0; i--) {
          items.add(value(random, depth - 1));
        }
        yield Bencoded.items(items);
      }
      default -> dict(random, depth);
    };
  }

  static Bencoded.Dict dict(RandomGenerator random, int depth) {
    var entries = new TreeMap<String, Bencoded>();
    for (int i = random.nextInt(5); i > 0; i--) {
      String key = new String(bytes(random, 4), StandardCharsets.ISO_8859_1);
      entries.put(key, value(random, depth - 1));
    }
    return Bencoded.dict(entries);
  }

  private static byte[] bytes(RandomGenerator random, int limit) {
    byte[] bytes = new byte[random.nextInt(limit)];
    random.nextBytes(bytes);
    return bytes;
  }
}
