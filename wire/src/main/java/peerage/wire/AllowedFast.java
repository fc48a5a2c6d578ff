package peerage.wire;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;

/// The pieces that a peer may ask for while it is choked (BEP 6): the same ones however often it
/// connects, and from whichever address of its /24, so that nobody collects a torrent that way.
public final class AllowedFast {
  /// The size of the set that BEP 6 recommends.
  public static final int DEFAULT_SIZE = 10;

  private static final int FIRST_24_BITS = 0xFFFFFF00;

  private AllowedFast() {}

  /// The allowed-fast set of a peer, in the order in which BEP 6 generates it.
  ///
  /// @param remote the peer; BEP 6 defines the set for IPv4 only
  /// @param pieces of the torrent, at least 1
  /// @param size of the set; a torrent of fewer pieces has a smaller one
  /// @return empty for an IPv6 address
  public static List<Integer> set(InfoHash infoHash, IpAddress remote, int pieces, int size) {
    if (pieces < 1 || size < 0) {
      throw new IllegalArgumentException("no set of " + size + " of " + pieces + " pieces");
    }
    if (remote.family() != Family.V4) {
      return List.of();
    }
    int wanted = Math.min(size, pieces);
    var set = new LinkedHashSet<Integer>();
    int network = ByteBuffer.wrap(remote.bytes()).getInt() & FIRST_24_BITS;
    byte[] x = ByteBuffer.allocate(24).putInt(network).put(infoHash.bytes()).array();
    while (set.size() < wanted) {
      x = sha1(x);
      for (var in = ByteBuffer.wrap(x); in.hasRemaining() && set.size() < wanted; ) {
        set.add(Integer.remainderUnsigned(in.getInt(), pieces));
      }
    }
    return new ArrayList<>(set);
  }

  static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }
}
