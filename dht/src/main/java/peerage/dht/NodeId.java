package peerage.dht;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;

/// A place in the space of the distributed hash table (BEP 5): twenty immutable bytes, read as a
/// number of 160 bits. Nodes have one, and so has whatever is looked up: info hashes and items.
///
/// The natural order is that of the number.
public final class NodeId implements Comparable<NodeId> {
  /// How many bytes an id has.
  public static final int SIZE = 20;

  /// How many bits an id has.
  public static final int BITS = 8 * SIZE;

  private static final byte[] V4_MASK = HexFormat.of().parseHex("030f3fff");
  private static final byte[] V6_MASK = HexFormat.of().parseHex("0103070f1f3f7fff");

  private final byte[] bytes;

  private NodeId(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("20 bytes are needed, not " + bytes.length);
    }
    this.bytes = bytes;
  }

  /// Wraps a copy of 20 bytes.
  ///
  /// @throws IllegalArgumentException if there are not exactly 20
  public static NodeId of(byte[] bytes) {
    return new NodeId(bytes.clone());
  }

  /// The place of a torrent.
  public static NodeId of(InfoHash infoHash) {
    return new NodeId(infoHash.bytes());
  }

  /// Parses 40 hex digits, in either case.
  ///
  /// @throws IllegalArgumentException if the text is anything else
  public static NodeId parse(String hex) {
    return new NodeId(HexFormat.of().parseHex(hex));
  }

  /// An id that a node at this address may have (BEP 42): the first 21 bits follow from the address
  /// and from three random bits, which the last byte repeats; the rest is random.
  public static NodeId forIp(IpAddress ip, RandomGenerator random) {
    byte[] bytes = new byte[SIZE];
    random.nextBytes(bytes);
    int crc = addressHash(ip, bytes[SIZE - 1]);
    bytes[0] = (byte) (crc >>> 24);
    bytes[1] = (byte) (crc >>> 16);
    bytes[2] = (byte) (((crc >>> 8) & 0xF8) | (bytes[2] & 7));
    return new NodeId(bytes);
  }

  /// Whether a node at this address may have this id (BEP 42). At an address that is not of the
  /// internet it may have any.
  public boolean isValidFor(IpAddress ip) {
    if (AddressClass.of(ip) != AddressClass.GLOBAL) {
      return true;
    }
    int crc = addressHash(ip, bytes[SIZE - 1]);
    int prefix = (bytes[0] & 0xFF) << 24 | (bytes[1] & 0xFF) << 16 | (bytes[2] & 0xFF) << 8;
    return (crc ^ prefix) >>> 11 == 0;
  }

  /// `crc32c((ip & 0x030f3fff) | (r << 29))`, and likewise of the high half of an IPv6 address.
  private static int addressHash(IpAddress ip, int r) {
    byte[] masked = Arrays.copyOf(ip.bytes(), ip.family() == Family.V4 ? 4 : 8);
    byte[] mask = ip.family() == Family.V4 ? V4_MASK : V6_MASK;
    for (int i = 0; i < masked.length; i++) {
      masked[i] &= mask[i];
    }
    masked[0] |= (byte) ((r & 7) << 5);
    var crc = new CRC32C();
    crc.update(masked);
    return (int) crc.getValue();
  }

  /// A fresh copy of the 20 bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// Forty lower-case hex digits.
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  /// One bit, counted from the most significant one, 0 to 159.
  public boolean bit(int index) {
    return (bytes[index >>> 3] >>> (7 - (index & 7)) & 1) == 1;
  }

  /// This id with one bit turned, counted from the most significant one, 0 to 159.
  public NodeId flipped(int index) {
    byte[] turned = bytes.clone();
    turned[index >>> 3] ^= (byte) (0x80 >>> (index & 7));
    return new NodeId(turned);
  }

  /// How many of the leading bits the two have in common, 0 to 160.
  public int commonPrefix(NodeId other) {
    int differs = Arrays.mismatch(bytes, other.bytes);
    if (differs < 0) {
      return BITS;
    }
    int xor = (bytes[differs] ^ other.bytes[differs]) & 0xFF;
    return 8 * differs + Integer.numberOfLeadingZeros(xor) - 24;
  }

  /// Orders two ids by their distance from this one: "the distance metric is XOR and the result is
  /// interpreted as an unsigned integer" (BEP 5). Negative if `left` is nearer.
  public int compareDistance(NodeId left, NodeId right) {
    int differs = Arrays.mismatch(left.bytes, right.bytes);
    if (differs < 0) {
      return 0;
    }
    int toLeft = (left.bytes[differs] ^ bytes[differs]) & 0xFF;
    int toRight = (right.bytes[differs] ^ bytes[differs]) & 0xFF;
    return Integer.compare(toLeft, toRight);
  }

  @Override
  public int compareTo(NodeId other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeId id && Arrays.equals(bytes, id.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
