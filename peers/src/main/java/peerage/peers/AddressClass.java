package peerage.peers;

/// What kind of place an address is: whether a stranger's word is enough to dial it.
///
/// The ranges are those of the IANA special-purpose registries (RFC 6890).
public enum AddressClass {
  /// Anywhere on the internet.
  GLOBAL,
  /// This machine: 127.0.0.0/8, `::1`.
  LOOPBACK,
  /// A private network: RFC 1918, benchmarks (RFC 2544, RFC 5180), unique local `fc00::/7`, site
  /// local `fec0::/10`, local NAT64 `64:ff9b:1::/48` (RFC 8215).
  PRIVATE,
  /// Behind a carrier's NAT: 100.64.0.0/10 (RFC 6598). Strangers live there, so who is there is
  /// not one of our own network.
  SHARED,
  /// One link: 169.254.0.0/16, `fe80::/10`.
  LINK_LOCAL,
  /// Never a peer: "this network", protocol assignments, documentation, relays, discard, ORCHID,
  /// multicast, reserved, broadcast, and all of IPv6 that nobody has been given.
  UNUSABLE;

  /// The class of an address. An IPv6 address that only wraps IPv4 ones, by 6to4 (RFC 3056), Teredo
  /// (RFC 4380) or NAT64 (RFC 6052), is of their class: else it would be a way around this.
  public static AddressClass of(IpAddress ip) {
    return switch (ip.family()) {
      case V4 -> ofV4((int) ip.low());
      case V6 -> ofV6(ip.high(), ip.low());
    };
  }

  /// Whether somebody who is in such a place and names an address of this class means the host that
  /// we would reach there. The same machine knows all of its networks.
  ///
  /// @param place the class of the address at which that somebody is
  public boolean isKnownFrom(AddressClass place) {
    return switch (this) {
      case GLOBAL -> true;
      case LOOPBACK, PRIVATE, SHARED, LINK_LOCAL -> place == this || place == LOOPBACK;
      case UNUSABLE -> false;
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
    if (a == 100 && b >= 64 && b < 128) {
      return SHARED;
    }
    boolean rfc1918 = a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168);
    boolean benchmarks = a == 198 && (b == 18 || b == 19);
    return rfc1918 || benchmarks ? PRIVATE : GLOBAL;
  }

  /// For documentation 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (RFC 5737); 192.0.0.0/24 for
  /// protocols (RFC 6890); 192.88.99.0/24, once the relays of 6to4 (RFC 7526).
  private static boolean isSetAside(int prefix24) {
    return switch (prefix24) {
      case 0xC00000, 0xC00002, 0xC05863, 0xC63364, 0xCB0071 -> true;
      default -> false;
    };
  }

  private static AddressClass ofV6(long high, long low) {
    int first16 = (int) (high >>> 48);
    if (high == 0) {
      return ofLowest(low);
    }
    if ((first16 & 0xE000) == 0x2000) {
      return ofGlobalUnicast(high, low);
    }
    if (high == 0x0064_FF9B_0000_0000L && low >>> 32 == 0) {
      return ofV4((int) low);
    }
    boolean localNat64 = high >>> 16 == 0x0064_FF9B_0001L;
    boolean uniqueLocal = (first16 & 0xFE00) == 0xFC00;
    boolean siteLocal = (first16 & 0xFFC0) == 0xFEC0;
    if (localNat64 || uniqueLocal || siteLocal) {
      return PRIVATE;
    }
    return (first16 & 0xFFC0) == 0xFE80 ? LINK_LOCAL : UNUSABLE;
  }

  /// `::/64`: loopback, IPv4 translated by a stateless translator (`::ffff:0:0:0/96`, RFC 2765),
  /// and the deprecated IPv4-compatible form (RFC 4291). IPv4-mapped ones are IPv4 already.
  private static AddressClass ofLowest(long low) {
    if (low == 1) {
      return LOOPBACK;
    }
    return low >>> 32 == 0xFFFF_0000L ? ofV4((int) low) : UNUSABLE;
  }

  /// `2000::/3`, all that IANA gives out to hosts.
  private static AddressClass ofGlobalUnicast(long high, long low) {
    int first32 = (int) (high >>> 32);
    if (first32 >>> 16 == 0x2002) {
      return ofV4((int) (high >>> 16));
    }
    if (first32 == 0x2001_0000) { // Teredo: its server, and its client with all bits turned
      return together(ofV4((int) high), ofV4(~(int) low));
    }
    if (high >>> 16 == 0x2001_0002_0000L) {
      return PRIVATE;
    }
    boolean protocols = first32 >>> 9 == 0x2001_0000 >>> 9; // 2001::/23, ORCHID among it
    boolean documentation = first32 == 0x2001_0DB8 || first32 >>> 12 == 0x3FFF0;
    return protocols || documentation ? UNUSABLE : GLOBAL;
  }

  private static AddressClass together(AddressClass one, AddressClass other) {
    if (one == other || other == GLOBAL) {
      return one;
    }
    return one == GLOBAL ? other : UNUSABLE;
  }
}
