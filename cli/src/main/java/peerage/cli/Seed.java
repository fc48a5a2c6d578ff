package peerage.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage seed`.
@Command(
    name = "seed",
    description = "Seed torrents whose files are complete.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  peerage seed debian.torrent -d ~/Downloads --up-limit 2M --ratio 3",
      "",
      "If anything is missing it says what, with exit code 43; peerage get fetches it."
    })
final class Seed implements Callable<ExitCode> {
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
      description = "Where the files are. Default: the current directory.")
  Path directory = Path.of("");

  @Option(
      names = "--ratio",
      paramLabel = "RATIO",
      description = "Until this many times the size was sent. Default: until Ctrl-C.")
  @Nullable Double ratio;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "For so long: 90s, 30m, 2h, 1d. Default: until Ctrl-C.")
  @Nullable Duration time;

  @Option(
      names = "--max-peers",
      paramLabel = "N",
      description = "Connections per torrent at most. Default: ${DEFAULT-VALUE}.")
  int maxPeers = 100;

  @Mixin NetworkOptions network = new NetworkOptions();
  @Mixin OutputOptions output = new OutputOptions();

  Seed(Terminal terminal) {
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
            TransferPlan.Command.SEED,
            sources,
            directory.toAbsolutePath().normalize(),
            maxPeers,
            TransferPlan.Selection.ALL,
            false,
            goal(),
            Optional.empty());
    return new TransferRun(plan, network, output.display(terminal), terminal.stop()).run();
  }

  private SeedGoal goal() {
    SeedGoal byRatio = ratio == null ? new SeedGoal.Forever() : new SeedGoal.Ratio(ratio);
    SeedGoal byTime = time == null ? new SeedGoal.Forever() : new SeedGoal.Time(time);
    return new SeedGoal.Either(byRatio, byTime);
  }
}
