package peerage.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import peerage.node.PxpException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `peerage pxp peers`.
@Command(
    name = "peers",
    description = "See who is in a network, and who introduced whom.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  peerage pxp peers my-app tcp://10.0.0.1:8000 --max 50 --for 30s",
      "",
      "Each was connected to. Exit code 40 if there is none."
    })
final class PxpPeers implements Callable<ExitCode> {
  private static final int SHORT_KEY = 16;

  private final Terminal terminal;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "End when so many are connected. Default: ${DEFAULT-VALUE}.")
  int max = 20;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "Look for so long. Default: 15s.")
  Duration time = Duration.ofSeconds(15);

  @Mixin PxpOptions options = new PxpOptions();
  @Mixin OutputOptions output = new OutputOptions();

  PxpPeers(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, PxpException, InterruptedException {
    output.check();
    if (max < 1) {
      throw new CommandFailure(ExitCode.BAD_OPTION, "--max is at least 1");
    }
    PxpShow show = PxpShow.aside(output, terminal);
    List<PeerLine> rows;
    try (PxpRun run =
        PxpRun.enter(
            options,
            show,
            terminal,
            builder -> builder.keep(max).onConnect(PxpListen::dropInput))) {
      look(run);
      rows = run.met().stream().map(PeerLine::of).toList();
    }
    return print(rows);
  }

  private void look(PxpRun run) throws InterruptedException {
    Instant end = Instant.now().plus(time);
    try (var _ = run.network().onEvent(_ -> stopWhenFull(run))) {
      if (run.awaitFirst(Optional.of(time)).isPresent()) {
        stopWhenFull(run);
        run.awaitEnd(Optional.of(Duration.between(Instant.now(), end)));
      }
    } catch (CommandFailure _) {
      // Nobody can come. Why has been said, and below it is said what that means.
    }
  }

  private void stopWhenFull(PxpRun run) {
    if (run.met().size() >= max) {
      run.stop();
    }
  }

  private ExitCode print(List<PeerLine> rows) {
    ExitCode exit = rows.isEmpty() ? ExitCode.NO_PEER : ExitCode.OK;
    if (output.jsonLines) {
      var show = PxpShow.of(output, terminal);
      rows.forEach(row -> show.json("peer", row::write));
      show.json("end", json -> json.put("exit", exit.number()).put("peers", rows.size()));
    } else if (!output.quiet && !rows.isEmpty()) {
      line(row("PEER", "TRANSPORT", "ADDRESS", "INTRODUCED BY", "IDENTITY", "ANNOUNCES"));
      rows.forEach(row -> line(row(row)));
    }
    if (rows.isEmpty()) {
      terminal.complain("found no peer in the network " + options.network);
    }
    return exit;
  }

  private static String row(PeerLine peer) {
    return row(
        peer.name(),
        peer.carrier(),
        peer.remote().orElse("-"),
        peer.introducedBy().orElse("-"),
        peer.identity().map(key -> key.substring(0, SHORT_KEY)).orElse("-"),
        peer.listening().isEmpty() ? "-" : String.join(" ", peer.listening()));
  }

  private static String row(Object... columns) {
    return String.format("%-8s %-9s %-22s %-13s %-16s %s", columns).stripTrailing();
  }

  private void line(String text) {
    terminal.out().println(text);
  }
}
