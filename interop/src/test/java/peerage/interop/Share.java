package peerage.interop;

import java.nio.file.Path;

/// What a client is given to do.
///
/// @param torrent the torrent file
/// @param folder where its content is, or shall be; its own
/// @param upLimit bytes per second that it may send at most; 0 for no limit
/// @param part whether it has everything, or nothing
record Share(Path torrent, Path folder, int upLimit, Part part) {
  /// What it has at the start.
  enum Part {
    /// Everything.
    SEED,
    /// Nothing.
    LEECH
  }

  /// The same so slowly that nobody gets done, and so nobody leaves, while the test looks.
  Share slowly() {
    return at(32 << 10);
  }

  Share at(int bytesPerSecond) {
    return new Share(torrent, folder, bytesPerSecond, part);
  }

  boolean isSeed() {
    return part == Part.SEED;
  }
}
