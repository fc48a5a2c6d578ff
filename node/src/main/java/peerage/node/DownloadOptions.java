package peerage.node;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;

/// How one torrent is downloaded or seeded.
///
/// @param directory where its files are, or shall be; made if missing
/// @param select which files of a torrent are wanted; the others are not created
/// @param existing what to do with files that are there and are not the torrent's
/// @param goal download what is missing, or only seed what is complete
/// @param maxPeers connections at most
public record DownloadOptions(
    Path directory,
    Function<Metainfo, Predicate<TorrentFile>> select,
    Existing existing,
    Goal goal,
    int maxPeers) {

  /// What to do with a file that is in the way.
  public enum Existing {
    /// Fail with [DownloadException.Reason#FILE_EXISTS].
    KEEP,
    /// Write over it.
    OVERWRITE
  }

  /// What a torrent is joined for.
  public enum Goal {
    /// Fetch what is missing, then go on seeding until closed.
    DOWNLOAD,
    /// Seed only: fail with [DownloadException.Reason#VERIFY_FAILED] if anything is missing.
    SEED
  }

  /// Everything into a directory, with the defaults of this library.
  public static DownloadOptions into(Path directory) {
    return new DownloadOptions(directory, _ -> _ -> true, Existing.KEEP, Goal.DOWNLOAD, 100);
  }

  /// These options with only some files wanted.
  public DownloadOptions only(Predicate<TorrentFile> wanted) {
    return choosing(_ -> wanted);
  }

  /// These options with the wanted files chosen when the torrent is known, which of a magnet is
  /// later.
  ///
  /// @param choice called once, on a thread of the library's; an [IllegalArgumentException] ends
  ///     the download with its message, which is one sentence for people
  public DownloadOptions choosing(Function<Metainfo, Predicate<TorrentFile>> choice) {
    return new DownloadOptions(directory, choice, existing, goal, maxPeers);
  }

  /// These options, writing over files that are in the way.
  public DownloadOptions overwriting() {
    return new DownloadOptions(directory, select, Existing.OVERWRITE, goal, maxPeers);
  }

  /// These options, to seed only.
  public DownloadOptions seeding() {
    return new DownloadOptions(directory, select, existing, Goal.SEED, maxPeers);
  }

  /// These options with another bound on connections.
  public DownloadOptions withMaxPeers(int peers) {
    return new DownloadOptions(directory, select, existing, goal, peers);
  }

  /// The regular expression's verdict on a path, for `--regex`.
  ///
  /// @return a selection of the files in whose path the expression is found
  public static Predicate<TorrentFile> matching(Pattern pattern) {
    return file -> pattern.matcher(file.toString()).find();
  }
}
