package peerage.cli;

import java.nio.ByteBuffer;
import java.util.Optional;

/// What stands before the IP packet in a captured one.
///
/// The numbers are those of tcpdump.org/linktypes.html.
final class LinkLayer {
  private static final int NULL = 0;
  private static final int ETHERNET = 1;
  private static final int RAW_BSD = 12;
  private static final int RAW_OPENBSD = 14;
  private static final int RAW = 101;
  private static final int LOOP = 108;
  private static final int LINUX_COOKED = 113;
  private static final int IPV4 = 228;
  private static final int IPV6 = 229;
  private static final int LINUX_COOKED_2 = 276;

  private static final int TYPE_IPV4 = 0x0800;
  private static final int TYPE_IPV6 = 0x86DD;

  /// Tags of virtual networks that may stand one in another; more is no network of people's.
  private static final int MAX_TAGS = 4;

  private LinkLayer() {}

  /// Whether packets of this kind can be read at all.
  static boolean isKnown(int linkType) {
    return switch (linkType) {
      case NULL,
          ETHERNET,
          RAW_BSD,
          RAW_OPENBSD,
          RAW,
          LOOP,
          LINUX_COOKED,
          IPV4,
          IPV6,
          LINUX_COOKED_2 ->
          true;
      default -> false;
    };
  }

  /// The IP packet in a captured one; empty if it is none.
  static Optional<ByteBuffer> strip(Packet packet) {
    ByteBuffer bytes = packet.bytes();
    return switch (packet.linkType()) {
      case NULL, LOOP -> from(bytes, 4); // a family, whose number depends on the system
      case ETHERNET -> tagged(bytes, 12);
      case LINUX_COOKED -> tagged(bytes, 14);
      case LINUX_COOKED_2 -> typed(bytes, 0, 20);
      case RAW, RAW_BSD, RAW_OPENBSD, IPV4, IPV6 -> from(bytes, 0);
      default -> Optional.empty();
    };
  }

  /// The type stands right before what it is about, after the tags of virtual networks.
  private static Optional<ByteBuffer> tagged(ByteBuffer bytes, int typeAt) {
    int at = typeAt;
    for (int tags = 0; tags < MAX_TAGS && isTag(type(bytes, at)); tags++) {
      at += 4;
    }
    return typed(bytes, at, at + 2);
  }

  private static boolean isTag(int type) {
    return type == 0x8100 || type == 0x88A8 || type == 0x9100;
  }

  private static Optional<ByteBuffer> typed(ByteBuffer bytes, int typeAt, int start) {
    int type = type(bytes, typeAt);
    return type == TYPE_IPV4 || type == TYPE_IPV6 ? from(bytes, start) : Optional.empty();
  }

  private static int type(ByteBuffer bytes, int at) {
    return at + 2 > bytes.limit()
        ? 0
        : Byte.toUnsignedInt(bytes.get(at)) << 8 | Byte.toUnsignedInt(bytes.get(at + 1));
  }

  /// A fresh big-endian view, whatever the order of the file.
  private static Optional<ByteBuffer> from(ByteBuffer bytes, int start) {
    return start < bytes.limit()
        ? Optional.of(bytes.slice(start, bytes.limit() - start))
        : Optional.empty();
  }
}
