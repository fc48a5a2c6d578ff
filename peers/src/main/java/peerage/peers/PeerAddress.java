package peerage.peers;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a peer listens: an address and a TCP port.
///
/// @param ip the numeric address
/// @param port 1 to 65535; port 0 cannot be dialled and is refused here, once for all
public record PeerAddress(IpAddress ip, int port) implements Comparable<PeerAddress> {
  /// @throws IllegalArgumentException if the port is outside 1 to 65535
  public PeerAddress {
    if (port < 1 || port > 0xFFFF) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
  }

  /// Parses `a.b.c.d:port` or `[v6]:port`, numeric addresses only.
  ///
  /// @return empty if the text is anything else
  public static Optional<PeerAddress> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed != host.indexOf(':') >= 0) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    return port < 1 || port > 0xFFFF
        ? Optional.empty()
        : IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host)
            .map(ip -> new PeerAddress(ip, port));
  }

  /// The address family of [#ip()].
  public Family family() {
    return ip.family();
  }

  /// Appends the compact form: the address, then the port, big-endian (BEP 23, BEP 7).
  public void writeCompact(ByteBuffer target) {
    target.put(ip.bytes()).putShort((short) port);
  }

  /// Reads one compact address. Port 0 names nobody.
  ///
  /// @return empty if the port is 0; the bytes are consumed all the same
  public static Optional<PeerAddress> readCompact(ByteBuffer source, Family family) {
    byte[] ip = new byte[family.ipSize()];
    source.get(ip);
    int port = Short.toUnsignedInt(source.getShort());
    return port == 0 ? Optional.empty() : Optional.of(new PeerAddress(IpAddress.of(ip), port));
  }

  /// Reads a whole compact list, leaving out the entries with port 0 and a cut-off last entry.
  public static List<PeerAddress> readCompactList(ByteBuffer source, Family family) {
    var addresses = new ArrayList<PeerAddress>(source.remaining() / family.compactSize());
    while (source.remaining() >= family.compactSize()) {
      readCompact(source, family).ifPresent(addresses::add);
    }
    return addresses;
  }

  @Override
  public int compareTo(PeerAddress other) {
    int byIp = ip.compareTo(other.ip);
    return byIp != 0 ? byIp : Integer.compare(port, other.port);
  }

  /// `1.2.3.4:6881` or `[2001:db8::1]:6881`.
  @Override
  public String toString() {
    return switch (ip.family()) {
      case V4 -> ip + ":" + port;
      case V6 -> "[" + ip + "]:" + port;
    };
  }
}
