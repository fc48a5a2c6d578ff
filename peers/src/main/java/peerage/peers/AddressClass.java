package peerage.peers;

/// What kind of place an address is: whether a stranger's word is enough to dial it.
///
/// The ranges are those of the IANA special-purpose registries (RFC 6890).
public enum AddressClass {
  /// Anywhere on the internet.
  GLOBAL,
  /// This machine: 127.0.0.0/8, `::1`.
  LOOPBACK,
  /// A private network: RFC 1918, RFC 6598 (carrier NAT), RFC 2544 (benchmarks), unique local
  /// `fc00::/7`, site local `fec0::/10`.
  PRIVATE,
  /// One link: 169.254.0.0/16, `fe80::/10`.
  LINK_LOCAL,
  /// Never a peer: 0.0.0.0/8, 192.0.0.0/24, multicast, 240.0.0.0/4, broadcast, `::/96`, discard
  /// `100::/64`, documentation ranges.
  UNUSABLE;

  /// The class of an address. An IPv6 address that only wraps an IPv4 one, by 6to4 (RFC 3056) or
  /// NAT64 (RFC 6052), is of that one's class: else it would be a way around this.
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
    if (a == 0 || a >= 224 || isSetAside(bits >>> 8)) {
      return UNUSABLE;
    }
    if (a == 169 && b == 254) {
      return LINK_LOCAL;
    }
    boolean rfc1918 = a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168);
    boolean carrierNat = a == 100 && b >= 64 && b < 128;
    boolean benchmarks = a == 198 && (b == 18 || b == 19);
    return rfc1918 || carrierNat || benchmarks ? PRIVATE : GLOBAL;
  }

  /// For documentation 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (RFC 5737), and 192.0.0.0/24
  /// for protocols (RFC 6890).
  private static boolean isSetAside(int prefix24) {
    return switch (prefix24) {
      case 0xC00000, 0xC00002, 0xC63364, 0xCB0071 -> true;
      default -> false;
    };
  }

  private static AddressClass ofV6(long high, long low) {
    int first16 = (int) (high >>> 48);
    if (high == 0 && low == 1) {
      return LOOPBACK;
    }
    if (first16 == 0x2002) {
      return ofV4((int) (high >>> 16));
    }
    if (high == 0x0064_FF9B_0000_0000L && low >>> 32 == 0) {
      return ofV4((int) low);
    }
    if (isUnusable(high, low)) {
      return UNUSABLE;
    }
    if ((first16 & 0xFFC0) == 0xFE80) {
      return LINK_LOCAL;
    }
    boolean uniqueLocal = (first16 & 0xFE00) == 0xFC00;
    boolean siteLocal = (first16 & 0xFFC0) == 0xFEC0;
    return uniqueLocal || siteLocal ? PRIVATE : GLOBAL;
  }

  private static boolean isUnusable(long high, long low) {
    boolean multicast = high >>> 56 == 0xFF;
    boolean v4Compatible = high == 0 && low >>> 32 == 0; // `::` too; deprecated by RFC 4291
    boolean discard = high == 0x0100_0000_0000_0000L; // RFC 6666
    // 2001:db8::/32 (RFC 3849) and 3fff::/20 (RFC 9637)
    boolean documentation = high >>> 32 == 0x2001_0DB8L || high >>> 44 == 0x3FFF0L;
    return multicast || v4Compatible || discard || documentation;
  }
}
