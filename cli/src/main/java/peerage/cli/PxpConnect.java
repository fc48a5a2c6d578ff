package peerage.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import peerage.node.PxpException;
import peerage.node.PxpPeer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `peerage pxp connect`.
@Command(
    name = "connect",
    description = "Enter a network by nodes that are known, and say what happens there.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage pxp connect my-app tcp://10.0.0.1:8000",
      "  peerage pxp connect my-app ws://example.org/pxp --new-peer",
      "  peerage pxp connect my-app --remember peers.db",
      "",
      "--new-peer says how long an introduction takes. Exit code 6 if none of the",
      "nodes can be reached, 40 if nobody came in the time of --for."
    })
final class PxpConnect implements Callable<ExitCode> {
  private final Terminal terminal;

  @Option(
      names = "--new-peer",
      description = "Ask for one peer more, say how long it took, and end (or stay for --for).")
  boolean newPeer;

  @Mixin StayOption stay = new StayOption();
  @Mixin PxpOptions options = new PxpOptions();
  @Mixin PxpKeep keep = new PxpKeep();
  @Mixin OutputOptions output = new OutputOptions();

  PxpConnect(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, PxpException, InterruptedException {
    output.check();
    if (options.isDeaf()) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "name a node to enter by, such as tcp://10.0.0.1:8000");
    }
    // Whoever keeps peers has found them all when one more is asked for.
    int wanted = newPeer ? keep.orElse(0) : keep.orDefault();
    PxpShow show = PxpShow.of(output, terminal);
    ExitCode exit;
    int met;
    try (PxpRun run =
        PxpRun.enter(
            options,
            show,
            terminal,
            builder -> builder.keep(wanted).onConnect(PxpListen::dropInput))) {
      exit = stay(run, show);
      met = run.met().size();
    }
    show.json("end", json -> json.put("exit", exit.number()).put("peers", met));
    return exit;
  }

  private ExitCode stay(PxpRun run, PxpShow show)
      throws CommandFailure, PxpException, InterruptedException {
    Instant begun = Instant.now();
    Optional<Duration> limit = stay.time();
    if (run.awaitFirst(limit).isEmpty()) {
      if (run.isStopped()) {
        return ExitCode.OK;
      }
      terminal.complain("nobody came in " + Text.duration(Duration.between(begun, Instant.now())));
      return ExitCode.NO_PEER;
    }
    if (newPeer) {
      ask(run, show);
    }
    if (!newPeer || stay.time().isPresent()) {
      run.awaitEnd(limit.map(all -> left(all, begun)));
    }
    return ExitCode.OK;
  }

  private static Duration left(Duration all, Instant begun) {
    Duration left = all.minus(Duration.between(begun, Instant.now()));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static void ask(PxpRun run, PxpShow show) throws PxpException, InterruptedException {
    Instant asked = Instant.now();
    PxpPeer peer = run.network().newPeer();
    Duration took = Duration.between(asked, Instant.now());
    PeerLine line = PeerLine.of(peer);
    show.say("a new peer, " + line.shortText() + ", in " + took.toMillis() + " ms");
    show.json("new_peer", json -> line.write(json.put("seconds", took.toNanos() / 1e9)));
  }
}
