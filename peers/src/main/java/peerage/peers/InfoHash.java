package peerage.peers;

import java.util.HexFormat;

/// The name of a swarm: SHA-1 over the bytes of a torrent's `info` dictionary (BEP 3).
public final class InfoHash extends Bytes20 {
  private InfoHash(byte[] bytes) {
    super(bytes);
  }

  /// Wraps a copy of 20 bytes.
  ///
  /// @throws IllegalArgumentException if there are not exactly 20
  public static InfoHash of(byte[] bytes) {
    return new InfoHash(bytes);
  }

  /// Parses 40 hex digits, in either case.
  ///
  /// @throws IllegalArgumentException if the text is anything else
  public static InfoHash parse(String hex) {
    return new InfoHash(HexFormat.of().parseHex(hex));
  }

  @Override
  public String toString() {
    return hex();
  }
}
