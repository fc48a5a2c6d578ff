package peerage.peers;

import java.util.Optional;

/// A block of addresses: those that begin alike.
///
/// @param prefix its lowest address
/// @param length how many leading bits they share: 0 to 32 for IPv4, 0 to 128 for IPv6
public record Subnet(IpAddress prefix, int length) {
  /// @throws IllegalArgumentException if the length is out of range, or the prefix has other bits
  public Subnet {
    if (!prefix.prefix(length).equals(prefix)) {
      throw new IllegalArgumentException(prefix + " has bits behind the first " + length);
    }
  }

  /// Parses `10.0.0.0/8`, `2001:db8::/32`, or one address. Bits behind the prefix are ignored.
  ///
  /// @return empty if the text is anything else
  public static Optional<Subnet> parse(String text) {
    int slash = text.indexOf('/');
    Optional<IpAddress> ip = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    String bits = slash < 0 ? "" : text.substring(slash + 1);
    if (ip.isEmpty() || (slash >= 0 && !bits.matches("[0-9]{1,3}"))) {
      return Optional.empty();
    }
    int most = ip.get().family().ipSize() * 8;
    int length = slash < 0 ? most : Integer.parseInt(bits);
    return length > most
        ? Optional.empty()
        : Optional.of(new Subnet(ip.get().prefix(length), length));
  }

  /// Whether an address lies in it.
  public boolean contains(IpAddress ip) {
    return ip.family() == prefix.family() && ip.prefix(length).equals(prefix);
  }

  /// `10.0.0.0/8`.
  @Override
  public String toString() {
    return prefix + "/" + length;
  }
}
