package peerage.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import peerage.dht.DhtStatus;
import peerage.node.DhtNode;
import peerage.peers.PeerAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `peerage dht-router`.
@Command(
    name = "dht-router",
    description =
        "Be the node by which others enter the DHT: for a network of your own, or for everybody.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage dht-router                               a DHT of its own, entered here",
      "  peerage dht-router --dht-router dht.libtorrent.org:25401",
      "                                                   a node of the public DHT",
      "  peerage get X.torrent --dht-router 10.0.0.1:6881",
      "                                                   on the other machines",
      "",
      "Contacts nobody but the routers it is given, the nodes it remembers, and those",
      "who contact it. Stays until Ctrl-C."
    })
final class DhtRouter implements Callable<ExitCode> {
  private static final int DEFAULT_PORT = 6881;

  private final Terminal terminal;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The UDP port to listen on, 0 for any. Default: ${DEFAULT-VALUE}.")
  int port = DEFAULT_PORT;

  @Mixin BindOption bind = new BindOption();

  @Option(
      names = "--dht-router",
      paramLabel = "HOST:PORT",
      description =
          "Another router, to be part of its DHT; may be repeated. Default: none, which makes a DHT"
              + " of its own.")
  List<String> routers = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where nodes are remembered for the next start. Default: they are not.")
  @Nullable Path state;

  @Mixin StayOption stay = new StayOption();

  @Mixin OutputOptions output = new OutputOptions();

  DhtRouter(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, InterruptedException {
    output.check();
    var stop = new CountDownLatch(1);
    try (DhtNode node = open()) {
      var show = new DhtShow(terminal, output);
      show.opened(node.addresses(), node.port());
      terminal.stop().onRequest(stop::countDown);
      long now = System.nanoTime();
      long end = stay.time().map(time -> now + time.toNanos()).orElse(Long.MAX_VALUE);
      while (System.nanoTime() < end && !stop.await(show.pause(), TimeUnit.MILLISECONDS)) {
        show.status(node.status(), node.dropped());
      }
      DhtStatus last = node.status();
      show.end(last, node.dropped());
    }
    return ExitCode.OK;
  }

  private DhtNode open() throws CommandFailure {
    NetworkOptions.checkPort(port);
    var builder = DhtNode.builder().port(port).router().routers(checked(routers));
    if (state != null) {
      builder.state(state);
    }
    bind.address().ifPresent(builder::address);
    try {
      return exactly(builder.open());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.NETWORK, "cannot listen: " + e.getMessage());
    }
  }

  /// Whoever is to find a router must know its port.
  private DhtNode exactly(DhtNode node) throws CommandFailure {
    if (port != 0 && node.port() != port) {
      node.close();
      throw new CommandFailure(
          ExitCode.NETWORK, "UDP port " + port + " is taken: choose another one with --port");
    }
    return node;
  }

  /// Refuses what is no `host:port`.
  static List<String> checked(List<String> routers) throws CommandFailure {
    for (String router : routers) {
      boolean isNumeric = PeerAddress.parse(router).isPresent();
      if (!isNumeric && !router.matches("[^:\\[\\]/\\s]+:[1-9][0-9]{0,4}")) {
        throw new CommandFailure(
            ExitCode.BAD_OPTION, "--dht-router: '" + router + "' is no HOST:PORT, or [IPv6]:PORT");
      }
    }
    return routers;
  }
}
