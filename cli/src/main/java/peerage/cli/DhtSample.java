package peerage.cli;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import peerage.dht.Dht;
import peerage.dht.LookupReport;
import peerage.dht.NodeId;
import peerage.dht.NodeInfo;
import peerage.dht.Reply;
import peerage.peers.InfoHash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `peerage dht sample`.
@Command(
    name = "sample",
    description = "List some info-hashes of which the nodes near a place know peers (BEP 51).",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DhtSample implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "TARGET",
      description = "The place, as 40 hex digits. Default: any.")
  @Nullable String target;

  @Mixin DhtOptions dht = new DhtOptions();
  @Mixin OutputOptions output = new OutputOptions();

  private final Set<InfoHash> found = new LinkedHashSet<>();

  DhtSample(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, InterruptedException {
    output.check();
    Optional<LookupReport> report =
        dht.run(terminal, new Dht.Task.Sample(NodeId.of(place())), this::show);
    if (report.isEmpty() && found.isEmpty()) {
      throw DhtOptions.nobody();
    }
    if (output.jsonLines) {
      terminal
          .out()
          .println(DhtEnd.json(ExitCode.OK, report, json -> json.put("info_hashes", found.size())));
    } else if (output.verbose && report.isPresent()) {
      String summary = Text.count(found.size(), "info-hash", "info-hashes");
      terminal.out().println(DhtEnd.text(summary, report.get()));
    }
    return ExitCode.OK;
  }

  private byte[] place() throws CommandFailure {
    if (target != null) {
      return DhtOptions.twenty(target);
    }
    byte[] any = new byte[NodeId.SIZE];
    new SecureRandom().nextBytes(any);
    return any;
  }

  private void show(Dht.Output what) {
    if (what instanceof Dht.Output.Sampled(int _, NodeInfo node, Reply.Samples samples)) {
      if (output.jsonLines) {
        terminal.out().println(json(node, samples));
      }
      for (InfoHash infoHash : samples.infoHashes()) {
        if (found.add(infoHash) && !output.jsonLines) {
          terminal.out().println(infoHash);
        }
      }
    }
  }

  private static String json(NodeInfo node, Reply.Samples samples) {
    return EventJson.event(
        "sample",
        Instant.now(),
        json ->
            json.put("node", node.address().toString())
                .put("known", samples.known())
                .put("interval", samples.interval().toSeconds())
                .texts("info_hashes", samples.infoHashes()));
  }
}
