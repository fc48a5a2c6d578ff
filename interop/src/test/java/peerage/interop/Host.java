package peerage.interop;

/// A network namespace with one interface, as good as a machine of its own.
///
/// @param namespace its name for `ip netns`
/// @param ip4 its IPv4 address
/// @param ip6 its IPv6 address
record Host(String namespace, String ip4, String ip6) {
  /// Where every client of these tests listens.
  static final int PORT = 6881;

  /// Where its client is reached over IPv4, as Peerage writes it.
  String endpoint() {
    return ip4 + ":" + PORT;
  }

  /// Where its client is reached over IPv6, as Peerage writes it.
  String endpoint6() {
    return "[" + ip6 + "]:" + PORT;
  }
}
