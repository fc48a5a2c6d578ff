package peerage.peers;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Numeric addresses as text, without the resolver that `InetAddress` would ask.
final class IpText {
  private static final int GROUPS = 8;

  private IpText() {}

  static Optional<IpAddress> parse(String text) {
    if (text.length() > 45) { // the longest IPv6 text, with an embedded dotted quad
      return Optional.empty();
    }
    return text.indexOf(':') < 0 ? parseV4(text).map(IpAddress::ofV4) : parseV6(text);
  }

  private static Optional<Integer> parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    int bits = 0;
    for (String part : parts) {
      int octet = number(part, 10, 3);
      if (octet < 0 || octet > 255 || (part.length() > 1 && part.charAt(0) == '0')) {
        return Optional.empty();
      }
      bits = bits << 8 | octet;
    }
    return Optional.of(bits);
  }

  private static Optional<IpAddress> parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text).filter(all -> all.size() == GROUPS).map(IpText::join);
    }
    Optional<List<Integer>> head = groups(text.substring(0, gap));
    Optional<List<Integer>> tail = groups(text.substring(gap + 2));
    boolean dotsInside = text.lastIndexOf('.', gap) >= 0; // only the last four bytes may be a quad
    if (dotsInside
        || head.isEmpty()
        || tail.isEmpty()
        || head.get().size() + tail.get().size() >= GROUPS) {
      return Optional.empty();
    }
    var all = new ArrayList<>(head.get());
    while (all.size() < GROUPS - tail.get().size()) {
      all.add(0);
    }
    all.addAll(tail.get());
    return Optional.of(join(all));
  }

  private static Optional<List<Integer>> groups(String text) {
    var groups = new ArrayList<Integer>();
    if (text.isEmpty()) {
      return Optional.of(groups);
    }
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
        Optional<Integer> quad = parseV4(parts[i]);
        if (quad.isEmpty()) {
          return Optional.empty();
        }
        groups.add(quad.get() >>> 16);
        groups.add(quad.get() & 0xFFFF);
      } else {
        int group = number(parts[i], 16, 4);
        if (group < 0) {
          return Optional.empty();
        }
        groups.add(group);
      }
    }
    return Optional.of(groups);
  }

  /// The number, or -1 if the text is empty, too long or holds another character.
  private static int number(String text, int radix, int maxDigits) {
    if (text.isEmpty() || text.length() > maxDigits) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }

  private static IpAddress join(List<Integer> groups) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    groups.forEach(group -> bytes.putShort((short) group.intValue()));
    return IpAddress.of(bytes.array());
  }

  static String format(IpAddress address) {
    return switch (address.family()) {
      case V4 -> formatV4(address.low());
      case V6 -> formatV6(ByteBuffer.wrap(address.bytes()));
    };
  }

  private static String formatV4(long bits) {
    return (bits >>> 24 & 255)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }

  /// RFC 5952: no leading zeros, lower case, the first longest run of two or more zero groups as
  /// `::`.
  private static String formatV6(ByteBuffer bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = Short.toUnsignedInt(bytes.getShort());
    }
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = zerosFrom(groups, i);
      if (length > runLength) {
        runStart = i;
        runLength = length;
      }
    }
    var text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
      } else {
        boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  private static int zerosFrom(int[] groups, int start) {
    int end = start;
    while (end < GROUPS && groups[end] == 0) {
      end++;
    }
    return end - start;
  }
}
