package peerage.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage get`.
@Command(
    name = "get",
    description = "Download torrents.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage get debian.torrent -d ~/Downloads",
      "  peerage get https://example.org/debian.torrent --seed=2.0",
      "  peerage get album.torrent --select-file=1,3-5 --peer 192.0.2.7:51413",
      "  peerage get 'magnet:?xt=urn:btih:...' (in quotes: it is full of ampersands)",
      "",
      "Ctrl-C stops politely and keeps the progress; a second Ctrl-C stops at once.",
      "The same command again goes on where it ended."
    })
final class Get implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "X",
      arity = "1..*",
      description =
          "A .torrent file, the http(s) address of one, a magnet link, or an info-hash in hex."
              + " Several run together.")
  List<String> sources = List.of();

  @Option(
      names = {"-d", "--dir"},
      paramLabel = "DIR",
      description = "Where to put the files. Default: the current directory.")
  Path directory = Path.of("");

  @Option(
      names = "--seed",
      paramLabel = "RATIO|TIME",
      arity = "0..1",
      preprocessor = AttachedValue.class,
      converter = SeedGoal.Converter.class,
      description =
          "Go on seeding when complete: to a ratio (--seed=2), for a time (--seed=30m, 2h, 1d), or"
              + " without a value until Ctrl-C. Default: end when complete.")
  SeedGoal goal = new SeedGoal.None();

  @Option(
      names = "--select-file",
      paramLabel = "LIST",
      converter = FileChoice.Converter.class,
      description =
          "Only these files, by their numbers in peerage show: 1,3-5. Default: all, or those that a"
              + " magnet link chooses (so=).")
  @Nullable FileChoice files;

  @Option(
      names = {"-r", "--regex"},
      paramLabel = "RE",
      converter = Regex.class,
      description =
          "Only files in whose path this regular expression is found; with --select-file, both must"
              + " choose a file. Default: all.")
  @Nullable Pattern regex;

  @Option(
      names = "--overwrite",
      description = "Write over files that are in the way. Default: stop with exit code 13.")
  boolean overwrite;

  @Option(
      names = "--give-up-after",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description =
          "Stop when nothing has come for so long: exit code 40 if no peer was found, 41 if none"
              + " gave a magnet link's metadata, else 7. Default: never.")
  @Nullable Duration giveUpAfter;

  @Option(
      names = "--max-peers",
      paramLabel = "N",
      description = "Connections per torrent at most. Default: ${DEFAULT-VALUE}.")
  int maxPeers = 100;

  @Mixin NetworkOptions network = new NetworkOptions();
  @Mixin OutputOptions output = new OutputOptions();

  Get(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure {
    network.check();
    output.check();
    if (maxPeers < 1) {
      throw new CommandFailure(ExitCode.BAD_OPTION, "--max-peers is at least 1");
    }
    var plan =
        new TransferPlan(
            TransferPlan.Command.GET,
            sources,
            directory.toAbsolutePath().normalize(),
            maxPeers,
            new TransferPlan.Selection(files, regex),
            overwrite,
            goal,
            Optional.ofNullable(giveUpAfter));
    return new TransferRun(plan, network, output.display(terminal), terminal.stop()).run();
  }
}
