package peerage.peers;

/// What kind of place an address is: whether a stranger's word is enough to dial it.
///
/// The ranges are those of the IANA special-purpose registries (RFC 6890).
public enum AddressClass {
  /// Anywhere on the internet.
  GLOBAL,
  /// This machine: 127.0.0.0/8, `::1`.
  LOOPBACK,
  /// A private network: RFC 1918, RFC 6598 (carrier NAT), unique local `fc00::/7`.
  PRIVATE,
  /// One link: 169.254.0.0/16, `fe80::/10`.
  LINK_LOCAL,
  /// Never a peer: 0.0.0.0/8, multicast, 240.0.0.0/4, broadcast, `::`, documentation ranges.
  UNUSABLE;

  /// The class of an address.
  public static AddressClass of(IpAddress ip) {
    return switch (ip.family()) {
      case V4 -> ofV4((int) ip.low());
      case V6 -> ofV6(ip.high(), ip.low());
    };
  }

  private static AddressClass ofV4(int bits) {
    int a = bits >>> 24;
    int b = bits >>> 16 & 255;
    if (a == 127) {
      return LOOPBACK;
    }
    if (a == 0 || a >= 224 || isDocumentation(bits >>> 8)) {
      return UNUSABLE;
    }
    if (a == 169 && b == 254) {
      return LINK_LOCAL;
    }
    boolean rfc1918 = a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168);
    boolean carrierNat = a == 100 && b >= 64 && b < 128;
    return rfc1918 || carrierNat ? PRIVATE : GLOBAL;
  }

  /// RFC 5737: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24.
  private static boolean isDocumentation(int prefix24) {
    return prefix24 == 0xC00002 || prefix24 == 0xC63364 || prefix24 == 0xCB0071;
  }

  private static AddressClass ofV6(long high, long low) {
    int first16 = (int) (high >>> 48);
    if (high == 0 && low == 1) {
      return LOOPBACK;
    }
    boolean unspecified = high == 0 && low == 0;
    boolean documentation = (high >>> 32) == 0x20010DB8L;
    if (unspecified || documentation || (first16 & 0xFF00) == 0xFF00) {
      return UNUSABLE;
    }
    if ((first16 & 0xFFC0) == 0xFE80) {
      return LINK_LOCAL;
    }
    return (first16 & 0xFE00) == 0xFC00 ? PRIVATE : GLOBAL;
  }
}
