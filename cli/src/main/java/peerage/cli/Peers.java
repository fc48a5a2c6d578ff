package peerage.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import peerage.node.DownloadException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage peers`.
@Command(
    name = "peers",
    description = "Discover the peers of a torrent, downloading nothing.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  peerage peers debian.torrent --for 60s --max 50",
      "",
      "Each peer is connected to before it is printed. Exit code 40 if there is none."
    })
final class Peers implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "X",
      description =
          "A .torrent file, the http(s) address of one, a magnet link, or an info-hash in hex.")
  String source = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "Look for so long. Default: 30s.")
  Duration time = Duration.ofSeconds(30);

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "End when so many are found. Default: no limit.")
  @Nullable Integer max;

  @Option(
      names = "--why",
      description =
          "At the end, say of every address who named it and when, and why it is no peer; and what"
              + " each teller's word was worth.")
  boolean why;

  @Mixin NetworkOptions network = new NetworkOptions();
  @Mixin OutputOptions output = new OutputOptions();

  Peers(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, DownloadException, InterruptedException {
    network.check();
    output.check();
    if (max != null && max < 1) {
      throw new CommandFailure(ExitCode.BAD_OPTION, "--max is at least 1");
    }
    int most = max == null ? Integer.MAX_VALUE : max;
    return new PeerSearch(source, time, most, why, network, output, terminal).run();
  }
}
