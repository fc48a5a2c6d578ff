package peerage.announce;

/// How far a torrent has come, in bytes of payload, as trackers want to know it (BEP 3).
///
/// @param uploaded sent since the start of this session
/// @param downloaded received since the start of this session
/// @param left still missing; 0 means a seed. While the metadata of a magnet is unknown, anything
///     above 0
public record Progress(long uploaded, long downloaded, long left) {
  /// @throws IllegalArgumentException if one is negative
  public Progress {
    if (uploaded < 0 || downloaded < 0 || left < 0) {
      throw new IllegalArgumentException(
          "no negative bytes: " + uploaded + ", " + downloaded + ", " + left);
    }
  }

  /// Whether nothing is missing.
  public boolean isComplete() {
    return left == 0;
  }
}
