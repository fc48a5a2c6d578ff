package peerage.wire;

import java.util.List;

/// A file of a torrent.
///
/// @param path the names from the outermost folder to the file. In a torrent of several files the
///     first is the torrent's name; in one of a single file it is the only one. Every name is safe
///     to create: no separator, no control character, no way up.
/// @param offset where the file begins in the torrent's bytes
/// @param length in bytes, possibly 0
/// @param kind what the file is for
public record TorrentFile(List<String> path, long offset, long length, Kind kind) {
  /// What a file of a torrent is for (BEP 47).
  public enum Kind {
    /// Content.
    DATA,
    /// Zeros that make the next file begin a piece; never written to disk.
    PADDING,
    /// A link to another file; never created, because it could lead anywhere.
    SYMLINK
  }

  /// Copies the path.
  ///
  /// @throws IllegalArgumentException if the path is empty or a number negative
  public TorrentFile {
    path = List.copyOf(path);
    if (path.isEmpty() || offset < 0 || length < 0) {
      throw new IllegalArgumentException("no file: " + path + ", " + offset + ", " + length);
    }
  }

  /// The path with `/` between its names.
  @Override
  public String toString() {
    return String.join("/", path);
  }
}
