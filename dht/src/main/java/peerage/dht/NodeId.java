package peerage.dht;

import java.util.Arrays;
import java.util.HexFormat;
import peerage.peers.InfoHash;

/// A place in the space of the distributed hash table (BEP 5): twenty immutable bytes, read as a
/// number of 160 bits. Nodes have one, and so has whatever is looked up: info hashes and items.
///
/// The natural order is that of the number.
public final class NodeId implements Comparable<NodeId> {
  /// How many bytes an id has.
  public static final int SIZE = 20;

  /// How many bits an id has.
  public static final int BITS = 8 * SIZE;

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
