package peerage.peers;

import java.nio.ByteBuffer;
import java.util.Optional;

/// An IPv4 or IPv6 address as a value; never a name, never looked up.
///
/// An IPv4 address mapped into IPv6 (`::ffff:a.b.c.d`) *is* the IPv4 address here, so that one
/// peer seen through two kinds of socket stays one peer.
public final class IpAddress implements Comparable<IpAddress> {
  private static final long MAPPED_V4_PREFIX = 0xFFFFL;

  private final Family family;
  private final long high;
  private final long low;

  private IpAddress(Family family, long high, long low) {
    this.family = family;
    this.high = high;
    this.low = low;
  }

  /// The IPv4 address of four bytes given as one big-endian `int`.
  public static IpAddress ofV4(int bits) {
    return new IpAddress(Family.V4, 0, Integer.toUnsignedLong(bits));
  }

  /// The address of 4 or 16 bytes in network order.
  ///
  /// @throws IllegalArgumentException at any other length
  public static IpAddress of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return switch (bytes.length) {
      case 4 -> ofV4(buffer.getInt());
      case 16 -> ofV6(buffer.getLong(), buffer.getLong());
      default ->
          throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
    };
  }

  private static IpAddress ofV6(long high, long low) {
    return high == 0 && (low >>> 32) == MAPPED_V4_PREFIX
        ? ofV4((int) low)
        : new IpAddress(Family.V6, high, low);
  }

  /// Parses a numeric address: dotted quad, or IPv6 with `::` and an embedded dotted quad, but
  /// without brackets and without a zone.
  ///
  /// @return empty if the text is no numeric address (a host name, say)
  public static Optional<IpAddress> parse(String text) {
    return IpText.parse(text);
  }

  /// The address family.
  public Family family() {
    return family;
  }

  /// A fresh array of 4 or 16 bytes in network order.
  public byte[] bytes() {
    ByteBuffer buffer = ByteBuffer.allocate(family.ipSize());
    return switch (family) {
      case V4 -> buffer.putInt((int) low).array();
      case V6 -> buffer.putLong(high).putLong(low).array();
    };
  }

  /// The network of this address: its first `length` bits, the rest zero.
  ///
  /// @param length 0 to 32 for IPv4, 0 to 128 for IPv6
  public IpAddress prefix(int length) {
    if (length < 0 || length > family.ipSize() * 8) {
      throw new IllegalArgumentException(family + " has no prefix of " + length + " bits");
    }
    return switch (family) {
      case V4 -> ofV4((int) (low & highBits(length + 32)));
      case V6 ->
          new IpAddress(
              Family.V6,
              high & highBits(Math.min(length, 64)),
              low & highBits(Math.max(length - 64, 0)));
    };
  }

  private static long highBits(int count) {
    return count == 0 ? 0 : -1L << (64 - count);
  }

  /// Whether this is the machine itself: 127.0.0.0/8 or `::1`.
  public boolean isLoopback() {
    return switch (family) {
      case V4 -> (low >>> 24) == 127;
      case V6 -> high == 0 && low == 1;
    };
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IpAddress that
        && family == that.family
        && high == that.high
        && low == that.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high * 31 + low);
  }

  /// The numeric text: a dotted quad, or IPv6 in the canonical form of RFC 5952.
  @Override
  public String toString() {
    return IpText.format(this);
  }
}
