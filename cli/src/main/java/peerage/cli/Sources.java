package peerage.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import peerage.node.DownloadException;
import peerage.node.TorrentSource;
import peerage.wire.Metainfo;

/// Finds the torrents that users name.
final class Sources {
  private Sources() {}

  /// Finds what a path, an address, a magnet link or a bare info-hash names.
  static Named find(String source) throws CommandFailure, DownloadException, InterruptedException {
    return isMagnet(source)
        ? new Named.Link(TorrentSource.magnet(source))
        : new Named.Torrent(read(source));
  }

  private static boolean isMagnet(String source) {
    return TorrentSource.isMagnet(source) && !(isPath(source) && isFile(source));
  }

  /// Reads a torrent from a path or an address.
  static Metainfo read(String source)
      throws CommandFailure, DownloadException, InterruptedException {
    String lower = source.toLowerCase(Locale.ROOT);
    if (isMagnet(source)) {
      throw new CommandFailure(
          ExitCode.MAGNET,
          "a magnet link has no hashes to compare with: give the .torrent file, or its http(s)"
              + " address");
    }
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      return TorrentSource.read(source);
    }
    if (!isPath(source)) {
      throw new CommandFailure(ExitCode.NOT_FOUND, "there is no file " + source);
    }
    return TorrentSource.read(Path.of(source));
  }

  private static boolean isFile(String source) {
    return Files.isRegularFile(Path.of(source));
  }

  private static boolean isPath(String source) {
    try {
      return !Path.of(source).toString().isEmpty();
    } catch (InvalidPathException _) {
      return false;
    }
  }
}
