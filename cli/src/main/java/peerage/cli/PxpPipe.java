package peerage.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import peerage.node.PxpBuilder;
import peerage.node.PxpException;
import peerage.node.PxpPeer;
import peerage.pxp.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `peerage pxp pipe`.
@Command(
    name = "pipe",
    description = "Send standard input to a peer, and what the peer sends to standard output.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage pxp pipe copy --listen :8000 > backup.tar      and somewhere else:",
      "  tar c folder | peerage pxp pipe copy tcp://10.0.0.1:8000 > /dev/null",
      "  peerage pxp pipe copy tcp://10.0.0.1:8000 --introduced",
      "",
      "One peer, both directions, any bytes. The end of the input is passed on; it",
      "ends when both sides have ended (give < /dev/null to a side that has nothing",
      "to send). Nothing but the peer's bytes goes to standard output; -v says the",
      "rest on standard error."
    })
final class PxpPipe implements Callable<ExitCode> {
  /// A reader that pauses for less holds the writer back; nobody pauses longer.
  private static final Duration READER_PAUSE = Duration.ofDays(365);

  /// The node that introduces, and the one that it introduces.
  private static final int WITH_INTRODUCER = 2;

  private final Terminal terminal;

  @Option(
      names = "--introduced",
      description =
          "Pipe to a peer that the node at URI introduces, and not to that node. For two behind"
              + " firewalls: both give it.")
  boolean introduced;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "Wait so long for the peer. Default: until Ctrl-C.")
  @Nullable Duration time;

  @Mixin PxpOptions options = new PxpOptions();
  @Mixin OutputOptions output = new OutputOptions();

  private final CompletableFuture<PxpPeer> chosen = new CompletableFuture<>();

  PxpPipe(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, PxpException, InterruptedException {
    output.check();
    check();
    PxpShow show = PxpShow.aside(output, terminal);
    try (PxpRun run = open(show)) {
      terminal.stop().onRequest(() -> giveUp(run, "stopped"));
      if (time != null) {
        CompletableFuture.delayedExecutor(
                time.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
            .execute(() -> tooLate());
      }
      return new PipeRun(choose(run), run.network(), terminal).run();
    }
  }

  private void check() throws CommandFailure {
    if (output.jsonLines) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "standard output is the peer's: --json-lines has no place there");
    }
    if (options.isDeaf()) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION,
          "name the peer, such as tcp://10.0.0.1:8000, or wait for it by --listen :8000");
    }
    if (introduced && options.uris().isEmpty() && options.remember == null) {
      throw new CommandFailure(ExitCode.BAD_OPTION, "--introduced needs a node that introduces");
    }
  }

  private PxpRun open(PxpShow show) throws CommandFailure, PxpException {
    return introduced
        ? PxpRun.enter(options, show, terminal, builder -> prepare(builder).keep(WITH_INTRODUCER))
        : PxpRun.open(options, show, terminal, this::prepare);
  }

  private PxpBuilder prepare(PxpBuilder builder) {
    return builder.readerPause(READER_PAUSE).onConnect(this::joined);
  }

  private void joined(PxpPeer peer) throws IOException {
    boolean isEntry = peer.role() == Role.CONNECT && peer.introducedBy().isEmpty();
    if (introduced && isEntry) {
      peer.input().close();
    } else if (!chosen.complete(peer) && chosen.resultNow() != peer) {
      peer.close();
    }
  }

  /// Dials if there is somebody to dial, one after the other, and else waits.
  private PxpPeer choose(PxpRun run) throws CommandFailure, PxpException, InterruptedException {
    if (!introduced && !options.uris().isEmpty()) {
      dial(run);
    }
    try {
      return chosen.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CommandFailure failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
  }

  private void dial(PxpRun run) throws PxpException, InterruptedException, CommandFailure {
    PxpException last = null;
    for (String uri : options.uris()) {
      try {
        PxpPeer peer = run.network().connect(uri);
        chosen.complete(peer);
        return;
      } catch (PxpException e) {
        last = e;
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.BAD_OPTION, String.valueOf(e.getMessage()));
      }
    }
    if (last != null && options.listen.isEmpty() && !run.isStopped()) {
      throw last;
    }
  }

  private void giveUp(PxpRun run, String why) {
    run.stop();
    if (!chosen.completeExceptionally(new CommandFailure(ExitCode.UNFINISHED, why))
        && !chosen.isCompletedExceptionally()) {
      chosen.resultNow().close();
      run.close();
    }
  }

  private void tooLate() {
    chosen.completeExceptionally(
        new CommandFailure(
            ExitCode.NO_PEER,
            "nobody came in " + Text.duration(java.util.Objects.requireNonNull(time))));
  }
}
