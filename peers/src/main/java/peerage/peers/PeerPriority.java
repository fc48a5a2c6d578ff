package peerage.peers;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Canonical peer priority (BEP 40): a rank that both ends of a connection compute alike, so that
/// a swarm whose peers keep their best-ranked connections becomes a random graph.
public final class PeerPriority {
  private PeerPriority() {}

  /// The priority of a connection between two peers, as an unsigned 32-bit number; higher is
  /// better. Symmetric. Both addresses must be of one family.
  ///
  /// @throws IllegalArgumentException if the families differ
  public static long of(PeerAddress a, PeerAddress b) {
    if (a.family() != b.family()) {
      throw new IllegalArgumentException("priority needs one family, not " + a + " and " + b);
    }
    byte[] x = a.ip().bytes();
    byte[] y = b.ip().bytes();
    int equal = Arrays.mismatch(x, y);
    if (equal < 0) {
      return checksum(portBytes(a.port()), portBytes(b.port()));
    }
    return checksum(masked(x, equal), masked(y, equal));
  }

  /// BEP 40 masks IPv4 with FF.FF.55.55, one more byte whole for each of the same /16 and /24, and
  /// IPv6 alike from a /48 on.
  private static byte[] masked(byte[] address, int firstDifference) {
    int plain = address.length == 4 ? 2 : 6;
    int whole = firstDifference < plain ? plain : firstDifference + 1;
    byte[] result = address.clone();
    for (int i = whole; i < result.length; i++) {
      result[i] &= 0x55;
    }
    return result;
  }

  private static byte[] portBytes(int port) {
    return ByteBuffer.allocate(2).putShort((short) port).array();
  }

  private static long checksum(byte[] x, byte[] y) {
    boolean ordered = Arrays.compareUnsigned(x, y) <= 0;
    var crc = new CRC32C();
    crc.update(ordered ? x : y);
    crc.update(ordered ? y : x);
    return crc.getValue();
  }
}
