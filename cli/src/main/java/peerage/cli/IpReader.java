package peerage.cli;

import java.nio.ByteBuffer;
import java.util.Optional;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Finds the TCP segments in IP packets (RFC 791, RFC 8200, RFC 9293), and counts what it passes
/// over. Whatever the bytes are, it throws nothing.
final class IpReader {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int V4_HEADER = 20;
  private static final int V6_HEADER = 40;
  private static final int TCP_HEADER = 20;

  /// Extension headers of one packet at most (guess: real ones have one or two).
  private static final int MAX_EXTENSIONS = 8;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int DESTINATION = 60;

  private long fragments;
  private long datagrams;

  /// Pieces of fragmented packets; they are not put together.
  long fragments() {
    return fragments;
  }

  /// UDP packets: uTP may be among them.
  long datagrams() {
    return datagrams;
  }

  /// The segment in a captured packet; empty if there is none.
  Optional<Segment> read(Packet packet) {
    Optional<ByteBuffer> ip = LinkLayer.strip(packet);
    if (ip.isEmpty()) {
      return Optional.empty();
    }
    ByteBuffer bytes = ip.get();
    return switch (Byte.toUnsignedInt(bytes.get(0)) >>> 4) {
      case 4 -> readV4(packet, bytes);
      case 6 -> readV6(packet, bytes);
      default -> Optional.empty();
    };
  }

  private Optional<Segment> readV4(Packet packet, ByteBuffer bytes) {
    int header = (bytes.get(0) & 15) * 4;
    if (header < V4_HEADER || bytes.limit() < header) {
      return Optional.empty();
    }
    int total = Short.toUnsignedInt(bytes.getShort(2));
    int fragment = bytes.getShort(6) & 0x3FFF; // "more" and the offset
    if (fragment != 0) {
      fragments++;
      return Optional.empty();
    }
    // A sender that leaves the cutting to its network card has 0 here.
    int length = total == 0 ? bytes.limit() + packet.missing() : total;
    IpAddress from = ip(bytes, 12, Family.V4);
    IpAddress to = ip(bytes, 16, Family.V4);
    return content(packet, bytes, from, to, bytes.get(9), header, length);
  }

  private Optional<Segment> readV6(Packet packet, ByteBuffer bytes) {
    if (bytes.limit() < V6_HEADER) {
      return Optional.empty();
    }
    int payload = Short.toUnsignedInt(bytes.getShort(4));
    int length = payload == 0 ? bytes.limit() + packet.missing() : V6_HEADER + payload;
    int next = Byte.toUnsignedInt(bytes.get(6));
    int at = V6_HEADER;
    for (int i = 0; i < MAX_EXTENSIONS && isExtension(next); i++) {
      if (at + 8 > bytes.limit()) {
        return Optional.empty();
      }
      if (next == FRAGMENT && (bytes.getShort(at + 2) & 0xFFF9) != 0) {
        fragments++;
        return Optional.empty();
      }
      int units = Byte.toUnsignedInt(bytes.get(at + 1));
      int size = next == FRAGMENT ? 8 : next == AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
      next = Byte.toUnsignedInt(bytes.get(at));
      at += size;
    }
    IpAddress from = ip(bytes, 8, Family.V6);
    IpAddress to = ip(bytes, 24, Family.V6);
    return content(packet, bytes, from, to, next, at, length);
  }

  private static boolean isExtension(int header) {
    return switch (header) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION -> true;
      default -> false;
    };
  }

  private static IpAddress ip(ByteBuffer bytes, int at, Family family) {
    byte[] ip = new byte[family.ipSize()];
    bytes.get(at, ip);
    return IpAddress.of(ip);
  }

  /// @param start of what the IP packet carries
  /// @param end of it, as the packet says; the capture may have less, or padding after it
  private Optional<Segment> content(
      Packet packet,
      ByteBuffer bytes,
      IpAddress from,
      IpAddress to,
      int protocol,
      int start,
      int end) {
    if (protocol == UDP) {
      datagrams++;
    }
    if (protocol != TCP || start + TCP_HEADER > Math.min(end, bytes.limit())) {
      return Optional.empty();
    }
    int payload = start + (bytes.get(start + 12) >>> 4 & 15) * 4;
    int fromPort = Short.toUnsignedInt(bytes.getShort(start));
    int toPort = Short.toUnsignedInt(bytes.getShort(start + 2));
    boolean isNonsense = payload < start + TCP_HEADER || payload > end;
    if (isNonsense || payload > bytes.limit() || fromPort == 0 || toPort == 0) {
      return Optional.empty();
    }
    int kept = Math.min(end, bytes.limit()) - payload;
    return Optional.of(
        new Segment(
            packet.at(),
            new PeerAddress(from, fromPort),
            new PeerAddress(to, toPort),
            bytes.getInt(start + 4),
            Byte.toUnsignedInt(bytes.get(start + 13)),
            bytes.slice(payload, kept),
            end - payload - kept));
  }
}
