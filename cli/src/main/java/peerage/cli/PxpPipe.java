package peerage.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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
      "",
      "  peerage pxp pipe copy tcp://10.0.0.1:8000 --introduced    one waits,",
      "  peerage pxp pipe copy tcp://10.0.0.1:8000 --new-peer      one asks",
      "",
      "One peer, both directions, any bytes. The end of the input is passed on; it",
      "ends when both sides have ended (give < /dev/null to a side that has nothing",
      "to send). Nothing but the peer's bytes goes to standard output; -v says the",
      "rest on standard error."
    })
final class PxpPipe implements Callable<ExitCode> {
  /// A reader that pauses for less holds the writer back; nobody pauses longer.
  private static final Duration READER_PAUSE = Duration.ofDays(365);

  /// How long to wait before a node that knows nobody is asked again (guess).
  private static final Duration ASKING_PAUSE = Duration.ofSeconds(1);

  private final Terminal terminal;

  @Option(
      names = "--new-peer",
      description =
          "Pipe to a new peer that the node at URI introduces to us, and not to that node: for two"
              + " who cannot reach each other. The other end waits by --introduced.")
  boolean newPeer;

  @Option(
      names = "--introduced",
      description = "Pipe to the first peer that the node at URI introduces to us. The other end.")
  boolean introduced;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "Wait so long for the peer. Default: until Ctrl-C.")
  @Nullable Duration time;

  @Option(
      names = "--linger",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description =
          "When the input has ended, wait at most so long for the peer to end as well. Default:"
              + " until it does.")
  @Nullable Duration linger;

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
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
            .execute(() -> tooLate());
      }
      return new PipeRun(choose(run), run.network(), terminal).run(Optional.ofNullable(linger));
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
    if (introduced && newPeer) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "one end gives --new-peer, and the other end --introduced");
    }
    if (byThird() && options.uris().isEmpty() && options.remember == null) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "name the node that introduces, such as tcp://10.0.0.1:8000");
    }
  }

  private boolean byThird() {
    return introduced || newPeer;
  }

  private PxpRun open(PxpShow show) throws CommandFailure, PxpException {
    return byThird()
        ? PxpRun.enter(options, show, terminal, this::prepare)
        : PxpRun.open(options, show, terminal, this::prepare);
  }

  private PxpBuilder prepare(PxpBuilder builder) {
    return builder.readerPause(READER_PAUSE).onConnect(this::joined);
  }

  private void joined(PxpPeer peer) throws IOException {
    boolean isEntry = peer.role() == Role.CONNECT && peer.introducedBy().isEmpty();
    if (byThird() && isEntry) {
      peer.input().close();
    } else if (!chosen.complete(peer)
        && !chosen.isCompletedExceptionally()
        && chosen.resultNow() != peer) {
      peer.close();
    }
  }

  /// Dials or asks if there is somebody to, and else waits.
  private PxpPeer choose(PxpRun run) throws CommandFailure, PxpException, InterruptedException {
    if (byThird()) {
      run.awaitFirst(Optional.ofNullable(time));
      while (newPeer && !ask(run)) {}
    } else if (!options.uris().isEmpty()) {
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

  /// Whether the asking is over. That nobody is there yet is no reason to give up.
  private boolean ask(PxpRun run) throws PxpException, InterruptedException {
    try {
      chosen.complete(run.network().newPeer());
      return true;
    } catch (PxpException e) {
      if (ExitCode.of(e.reason()) != ExitCode.NO_PEER) {
        throw e;
      }
      run.awaitStop(ASKING_PAUSE);
      return chosen.isDone();
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
            ExitCode.NO_PEER, "nobody came in " + Text.duration(Objects.requireNonNull(time))));
  }
}
