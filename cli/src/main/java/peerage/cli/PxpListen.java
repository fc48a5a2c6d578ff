package peerage.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import peerage.node.PxpException;
import peerage.node.PxpPeer;
import peerage.node.PxpStats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `peerage pxp listen`.
@Command(
    name = "listen",
    description = "Be a node that others enter the network by: it introduces them to each other.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage pxp listen my-app                       on tcp://:8000",
      "  peerage pxp listen my-app --listen tcp://:8000 --listen ws://:8080/pxp",
      "  peerage pxp listen my-app --listen tcp://:8001 tcp://10.0.0.1:8000",
      "",
      "Browsers enter by ws:// or wss://. Stays until Ctrl-C. What peers send to it",
      "is dropped."
    })
final class PxpListen implements Callable<ExitCode> {
  private static final String DEFAULT_ADDRESS = "tcp://:8000";

  private final Terminal terminal;

  @Mixin StayOption stay = new StayOption();
  @Mixin PxpOptions options = new PxpOptions();
  @Mixin PxpKeep keep = new PxpKeep();
  @Mixin OutputOptions output = new OutputOptions();

  PxpListen(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, PxpException, InterruptedException {
    output.check();
    if (options.listen.isEmpty()) {
      options.listen.add(new PxpAddress(DEFAULT_ADDRESS));
    }
    int wanted = keep.orDefault();
    PxpShow show = PxpShow.of(output, terminal);
    PxpStats stats;
    int met;
    try (PxpRun run =
        PxpRun.enter(
            options,
            show,
            terminal,
            builder -> builder.keep(wanted).onConnect(PxpListen::dropInput))) {
      run.awaitEnd(stay.time());
      stats = run.network().stats();
      met = run.met().size();
    }
    show.say(
        "met " + Text.count(met, "peer") + ", made " + Text.count(stats.relays(), "introduction"));
    show.json(
        "end",
        json ->
            json.put("exit", ExitCode.OK.number()).put("peers", met).put("relays", stats.relays()));
    return ExitCode.OK;
  }

  /// Nobody reads it, so nothing of it is kept.
  static void dropInput(PxpPeer peer) throws IOException {
    peer.input().close();
  }
}
