package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.InfoHash;

/// What peers call out on their local network (BEP 14): in which swarms they are, and on what port.
/// Their address is that of the datagram.
///
/// @param port where the sender listens: 1 to 65535
/// @param infoHashes the swarms, 1 to [#MAX_HASHES]
/// @param cookie by which the sender knows its own datagrams when they come back
public record LanMessage(int port, List<InfoHash> infoHashes, Optional<String> cookie) {
  /// Where they are called out, in both groups alike.
  public static final int GROUP_PORT = 6771;

  /// The IPv4 group, "org-local".
  public static final String GROUP_V4 = "239.192.152.143";

  /// The IPv6 group, "site-local".
  public static final String GROUP_V6 = "ff15::efc0:988f";

  /// BEP 14: "the packet length should not exceed 1400 bytes to avoid MTU/fragmentation problems".
  public static final int MAX_BYTES = 1_400;

  /// The longest cookie that is written or kept (guess: those seen have at most eight).
  public static final int MAX_COOKIE = 32;

  /// The most swarms of one datagram: with the longest cookie and port they fill 1,359 bytes.
  public static final int MAX_HASHES = 24;

  /// The longest datagram that is read: others may have bigger networks.
  static final int MAX_READ = 9_000;

  private static final String REQUEST = "BT-SEARCH * HTTP/1.1";
  private static final String END = "\r\n";

  /// Copies the list.
  ///
  /// @throws IllegalArgumentException if something is out of bounds
  public LanMessage {
    infoHashes = List.copyOf(infoHashes);
    if (port < 1 || port > 0xFFFF) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
    if (infoHashes.isEmpty() || infoHashes.size() > MAX_HASHES) {
      throw new IllegalArgumentException(
          "1 to " + MAX_HASHES + " swarms, not " + infoHashes.size());
    }
    if (cookie.filter(it -> !isCookie(it)).isPresent()) {
      throw new IllegalArgumentException("a cookie has 1 to " + MAX_COOKIE + " visible characters");
    }
  }

  private static boolean isCookie(String text) {
    return text.matches("[!-~]{1," + MAX_COOKIE + "}");
  }

  /// The datagram for the group of one address family.
  public byte[] encode(Family family) {
    String host =
        switch (family) {
          case V4 -> GROUP_V4;
          case V6 -> "[" + GROUP_V6 + "]";
        };
    var text = new StringBuilder(REQUEST).append(END);
    text.append("Host: ").append(host).append(':').append(GROUP_PORT).append(END);
    text.append("Port: ").append(port).append(END);
    infoHashes.forEach(hash -> text.append("Infohash: ").append(hash).append(END));
    cookie.ifPresent(it -> text.append("cookie: ").append(it).append(END));
    return text.append(END).append(END).toString().getBytes(ISO_8859_1);
  }

  /// Reads a datagram. Header names in either case, unknown headers and lines without a colon are
  /// passed over, and so are swarms with a name of another kind (BEP 52 has longer ones); of more
  /// than [#MAX_HASHES] swarms the first count.
  ///
  /// @throws MalformedMessage if it names no port or no swarm, or is no announce at all
  public static LanMessage decode(byte[] datagram) throws MalformedMessage {
    if (datagram.length > MAX_READ) {
      throw malformed("has more than " + MAX_READ + " bytes");
    }
    String[] lines = new String(datagram, ISO_8859_1).split("\r?\n", -1);
    if (!lines[0].toUpperCase(Locale.ROOT).matches("BT-SEARCH \\* HTTP/1\\.[0-9]")) {
      throw malformed("does not begin as one");
    }
    int port = 0;
    Optional<String> cookie = Optional.empty();
    var hashes = new ArrayList<InfoHash>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      String name = line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      switch (name) {
        case "port" -> port = port(value);
        case "infohash" -> addHash(value, hashes);
        case "cookie" -> cookie = Optional.of(value).filter(LanMessage::isCookie);
        default -> {} // BEP 14: headers "not understood by a client should be ignored"
      }
    }
    if (hashes.isEmpty()) {
      throw malformed("names no swarm");
    }
    if (port == 0) {
      throw malformed("names no port");
    }
    return new LanMessage(port, hashes, cookie);
  }

  private static int port(String value) throws MalformedMessage {
    int port = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : 0;
    if (port < 1 || port > 0xFFFF) {
      throw malformed("names no port");
    }
    return port;
  }

  private static void addHash(String value, List<InfoHash> hashes) {
    if (value.matches("[0-9A-Fa-f]{40}") && hashes.size() < MAX_HASHES) {
      InfoHash hash = InfoHash.parse(value);
      if (!hashes.contains(hash)) {
        hashes.add(hash);
      }
    }
  }

  private static MalformedMessage malformed(String problem) {
    return new MalformedMessage("the local announce " + problem);
  }
}
