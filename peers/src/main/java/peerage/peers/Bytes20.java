package peerage.peers;

import java.util.Arrays;
import java.util.HexFormat;

/// Twenty immutable bytes; what [InfoHash] and [PeerId] have in common.
abstract sealed class Bytes20 permits InfoHash, PeerId {
  static final int SIZE = 20;

  private final byte[] bytes;

  Bytes20(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("20 bytes are needed, not " + bytes.length);
    }
    this.bytes = bytes.clone();
  }

  /// A fresh copy of the 20 bytes.
  public final byte[] bytes() {
    return bytes.clone();
  }

  /// Forty lower-case hex digits.
  public final String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public final boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && Arrays.equals(bytes, ((Bytes20) other).bytes);
  }

  @Override
  public final int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
