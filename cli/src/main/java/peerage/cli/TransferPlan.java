package peerage.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import peerage.node.DownloadOptions;
import peerage.wire.Metainfo;

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
  DownloadOptions options(Metainfo torrent) throws CommandFailure {
    DownloadOptions options =
        DownloadOptions.into(directory)
            .withMaxPeers(maxPeers)
            .only(FileChoice.of(torrent, selection.numbers(), selection.pattern()));
    if (overwrite) {
      options = options.overwriting();
    }
    return switch (command) {
      case GET -> options;
      case SEED -> options.seeding();
    };
  }

  /// The command that goes on where it ended.
  String toGoOn(String source) {
    return "peerage get -d " + quoted(directory.toString()) + " " + quoted(source);
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
