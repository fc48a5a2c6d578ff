package peerage.peers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// The 20 bytes by which a peer calls itself for one run (BEP 3, BEP 20).
public final class PeerId extends Bytes20 {
  /// Our own prefix in the Azureus style of BEP 20: client `PG`, version 0.1.0.
  public static final String OUR_PREFIX = "-PG0100-";

  private PeerId(byte[] bytes) {
    super(bytes);
  }

  /// Wraps a copy of 20 bytes.
  ///
  /// @throws IllegalArgumentException if there are not exactly 20
  public static PeerId of(byte[] bytes) {
    return new PeerId(bytes);
  }

  /// An id of ours: [#OUR_PREFIX] and 12 random bytes.
  public static PeerId ours(RandomGenerator random) {
    byte[] bytes = new byte[SIZE];
    random.nextBytes(bytes);
    byte[] prefix = OUR_PREFIX.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(prefix, 0, bytes, 0, prefix.length);
    return new PeerId(bytes);
  }

  /// What the id says about the client, such as `-TR3000-`; unprintable bytes become `?`.
  public String client() {
    var text = new StringBuilder(8);
    for (byte b : Arrays.copyOf(bytes(), 8)) {
      text.append(b > 0x20 && b < 0x7F ? (char) b : '?');
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return client() + hex().substring(16);
  }
}
