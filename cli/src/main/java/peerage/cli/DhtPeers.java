package peerage.cli;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import peerage.dht.Dht;
import peerage.dht.LookupReport;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `peerage dht peers`.
@Command(
    name = "peers",
    description = "List the peers of a swarm that the DHT knows. It is not told of us.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DhtPeers implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(paramLabel = "INFOHASH", description = "The swarm, as 40 hex digits.")
  String infoHash = "";

  @Mixin DhtOptions dht = new DhtOptions();
  @Mixin OutputOptions output = new OutputOptions();

  private final Set<PeerAddress> found = new LinkedHashSet<>();

  DhtPeers(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, InterruptedException {
    output.check();
    InfoHash swarm = InfoHash.of(DhtOptions.twenty(infoHash));
    var task = new Dht.Task.FindPeers(swarm, new Dht.Announcement.None());
    Optional<LookupReport> report = dht.run(terminal, task, this::show);
    if (report.isEmpty() && found.isEmpty()) {
      throw DhtOptions.nobody();
    }
    ExitCode exit = found.isEmpty() ? ExitCode.NO_PEER : ExitCode.OK;
    if (output.jsonLines) {
      terminal.out().println(DhtEnd.json(exit, report, json -> json.put("peers", found.size())));
    } else if (output.verbose && report.isPresent()) {
      terminal.out().println(DhtEnd.text(Text.count(found.size(), "peer"), report.get()));
    }
    return exit;
  }

  private void show(Dht.Output what) {
    if (what instanceof Dht.Output.PeersFound(int _, PeerAddress node, var peers)) {
      for (PeerAddress peer : peers) {
        if (found.add(peer)) {
          terminal.out().println(output.jsonLines ? json(node, peer) : peer.toString());
        }
      }
    }
  }

  private static String json(PeerAddress node, PeerAddress peer) {
    return EventJson.event(
        "peer",
        Instant.now(),
        json -> json.put("peer", peer.toString()).put("node", node.toString()));
  }
}
