package peerage.pxp;

import java.util.HexFormat;

/// The public half of an Ed25519 key, which names who holds the private half.
///
/// @param hex 32 bytes as 64 hex digits in lower case
public record IdentityKey(String hex) {
  private static final int LENGTH = 32;

  /// @throws IllegalArgumentException if these are not 64 hex digits
  public IdentityKey {
    if (HexFormat.of().parseHex(hex).length != LENGTH) {
      throw new IllegalArgumentException("a key has 64 hex digits");
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
