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

  /// Reads a torrent from a path or an address.
  static Metainfo read(String source)
      throws CommandFailure, DownloadException, InterruptedException {
    String lower = source.toLowerCase(Locale.ROOT);
    if (lower.startsWith("magnet:") || (lower.matches("[0-9a-f]{40}") && !isFile(source))) {
      throw new CommandFailure(
          ExitCode.MAGNET,
          "magnet links and bare info-hashes come in a later version: give the .torrent file, or"
              + " its http(s) address");
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
