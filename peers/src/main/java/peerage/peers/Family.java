package peerage.peers;

/// An internet address family. PEX, trackers and the DHT keep the two apart.
public enum Family {
  /// Four-byte addresses.
  V4(4),
  /// Sixteen-byte addresses.
  V6(16);

  private final int ipSize;

  Family(int ipSize) {
    this.ipSize = ipSize;
  }

  /// Bytes of an address of this family: 4 or 16.
  public int ipSize() {
    return ipSize;
  }

  /// Bytes of an address with its port in compact form: 6 or 18 (BEP 7, BEP 23).
  public int compactSize() {
    return ipSize + 2;
  }
}
