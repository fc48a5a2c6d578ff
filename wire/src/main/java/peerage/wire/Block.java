package peerage.wire;

/// A part of a piece, the unit of requests; 16 KiB but for a torrent's last one.
///
/// @param piece index of the piece, from 0
/// @param begin offset in the piece, in bytes
/// @param length in bytes
public record Block(int piece, int begin, int length) {
  /// Length of every block but a piece's last, in bytes. BEP 3: "All current implementations use
  /// 2^14".
  public static final int SIZE = 16 * 1024;

  /// The longest request that we serve, in bytes: what some clients ask for, and no more.
  public static final int MAX_SIZE = 128 * 1024;
}
