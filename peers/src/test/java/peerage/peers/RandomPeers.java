package peerage.peers;

import java.util.random.RandomGenerator;

/// Addresses for property tests: often with long runs of zeros, where text forms go wrong.
final class RandomPeers {
  private RandomPeers() {}

  static IpAddress ip(RandomGenerator random, Family family) {
    byte[] bytes = new byte[family.ipSize()];
    random.nextBytes(bytes);
    for (int i = 0; i + 1 < bytes.length; i += 2) {
      if (family == Family.V6 && random.nextInt(3) > 0) {
        bytes[i] = 0;
        bytes[i + 1] = (byte) random.nextInt(2);
      }
    }
    return IpAddress.of(bytes);
  }

  static PeerAddress address(RandomGenerator random, Family family) {
    IpAddress ip = ip(random, family);
    return new PeerAddress(ip, random.nextInt(1, 0x10000));
  }
}
