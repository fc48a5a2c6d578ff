package peerage.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import peerage.node.DownloadOptions;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;

/// What `get` and `seed` are to do.
///
/// @param command its name, for the sentence on how to go on
/// @param sources torrents as the user named them
/// @param directory where their files are, or shall be
/// @param maxPeers connections per torrent
/// @param selection which files
/// @param overwrite whether files in the way may be written over
/// @param goal how long to seed; only [SeedGoal.None] ends at once
/// @param giveUpAfter how long without progress is too long
record TransferPlan(
    Command command,
    List<String> sources,
    Path directory,
    int maxPeers,
    Selection selection,
    boolean overwrite,
    SeedGoal goal,
    Optional<Duration> giveUpAfter) {

  /// Which of the two it is.
  enum Command {
    GET,
    SEED
  }

  /// Which files are wanted; all of them if neither is given.
  record Selection(@Nullable FileChoice numbers, @Nullable Pattern pattern) {
    static final Selection ALL = new Selection(null, null);
  }

  /// Copies the list.
  TransferPlan {
    sources = List.copyOf(sources);
  }

  /// What the library is told about one torrent.
  ///
  /// @throws CommandFailure if the torrent is at hand and has no such files
  DownloadOptions options(Named named) throws CommandFailure {
    DownloadOptions options = DownloadOptions.into(directory).withMaxPeers(maxPeers);
    options =
        switch (named) {
          case Named.Torrent(Metainfo torrent) -> options.only(chosen(torrent));
          case Named.Link(Magnet magnet) -> options.choosing(torrent -> choose(magnet, torrent));
        };
    if (overwrite) {
      options = options.overwriting();
    }
    return switch (command) {
      case GET -> options;
      case SEED -> options.seeding();
    };
  }

  private Predicate<TorrentFile> chosen(Metainfo torrent) throws CommandFailure {
    return FileChoice.of(torrent, selection.numbers(), selection.pattern());
  }

  /// What the user says goes before what the link says (BEP 53).
  private Predicate<TorrentFile> choose(Magnet magnet, Metainfo torrent) {
    try {
      return selection.equals(Selection.ALL) ? FileChoice.of(torrent, magnet) : chosen(torrent);
    } catch (CommandFailure e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// The command that goes on where it ended.
  String toGoOn(String source) {
    return "peerage get -d " + quoted(directory.toString()) + " " + quoted(source);
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
