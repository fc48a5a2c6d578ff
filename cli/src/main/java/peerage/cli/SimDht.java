package peerage.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import peerage.sim.DhtReport;
import peerage.sim.DhtReport.Kind;
import peerage.sim.DhtReport.Spread;
import peerage.sim.DhtSetting;
import peerage.sim.DhtSimulation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `peerage sim dht`.
@Command(
    name = "dht",
    description = "Grow a DHT of many nodes in this process, and measure lookups in it.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nWhat happens:%n",
    footer = {
      "  Nodes join one after the other, each told of one that is there. After half an hour of the",
      "  network's own time, nodes look for places, announce themselves and put items, and five",
      "  minutes later others look for these. The same seed gives the same run.",
      "",
      "  Without --lifetime, --loss, --nat and --liars there are four worlds: nothing goes wrong;",
      "  nodes stay for an hour (1 % loss, 30 % behind NATs); for a quarter of an hour (3 %, 30"
          + " %);",
      "  an hour again, and one in ten answers with invented nodes."
    })
final class SimDht implements Callable<ExitCode> {
  private final Terminal terminal;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes at any time. Default: ${DEFAULT-VALUE}.")
  int nodes = 1_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What chance follows from. Default: ${DEFAULT-VALUE}.")
  long seed = 7;

  @Option(
      names = "--lookups",
      paramLabel = "N",
      description = "How many lookups of each kind. Default: ${DEFAULT-VALUE}.")
  int lookups = 300;

  @Option(
      names = "--lifetime",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "How long a node stays, on average; then another comes. Default: for ever.")
  @Nullable Duration lifetime;

  @Option(
      names = "--loss",
      paramLabel = "SHARE",
      description = "The share of datagrams that get lost, 0 to 1. Default: 0.")
  @Nullable Double loss;

  @Option(
      names = "--nat",
      paramLabel = "SHARE",
      description = "The share of nodes behind NATs, 0 to 1. Default: 0.")
  @Nullable Double nat;

  @Option(
      names = "--liars",
      paramLabel = "SHARE",
      description = "The share of nodes that answer with invented ones, 0 to 1. Default: 0.")
  @Nullable Double liars;

  @Option(names = "--json", description = "Print one JSON document instead.")
  boolean json;

  SimDht(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure {
    Map<String, DhtSetting> worlds = worlds();
    var reports = new LinkedHashMap<String, DhtReport>();
    if (!json) {
      printHead(terminal.out());
    }
    for (Map.Entry<String, DhtSetting> world : worlds.entrySet()) {
      DhtReport report = new DhtSimulation(world.getValue()).run();
      reports.put(world.getKey(), report);
      if (!json) {
        print(world.getKey(), report, terminal.out());
      }
    }
    if (json) {
      terminal.out().println(document(reports));
    } else {
      printCosts(reports, terminal.out());
    }
    return ExitCode.OK;
  }

  private Map<String, DhtSetting> worlds() throws CommandFailure {
    Duration hour = Duration.ofHours(1);
    var worlds = new LinkedHashMap<String, DhtSetting>();
    try {
      if (lifetime != null || loss != null || nat != null || liars != null) {
        worlds.put("as asked for", world(lifetime, or0(loss), or0(nat), or0(liars)));
      } else {
        worlds.put("nothing goes wrong", world(null, 0, 0, 0));
        worlds.put("nodes stay 60 min", world(hour, 0.01, 0.3, 0));
        worlds.put("nodes stay 15 min", world(Duration.ofMinutes(15), 0.03, 0.3, 0));
        worlds.put("60 min, 10 % lie", world(hour, 0.01, 0.3, 0.1));
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.BAD_OPTION, String.valueOf(e.getMessage()));
    }
    return worlds;
  }

  private DhtSetting world(
      @Nullable Duration stay, double lossShare, double natShare, double liarShare) {
    return new DhtSetting(
        nodes, seed, lookups, Optional.ofNullable(stay), lossShare, natShare, liarShare);
  }

  private static double or0(@Nullable Double share) {
    return share == null ? 0 : share;
  }

  private static void printHead(PrintStream out) {
    out.println("| world | lookup | found | hops | queries | ms until found | ms to the end |");
    out.println("|---|---|---|---|---|---|---|");
    out.flush();
  }

  private static void print(String world, DhtReport report, PrintStream out) {
    for (Kind kind : report.kinds()) {
      out.printf(
          Locale.ROOT,
          "| %s | %s | %.1f %% | %s | %s | %s | %s |%n",
          world,
          kind.name(),
          100 * kind.success(),
          text(kind.hops()),
          text(kind.queries()),
          text(kind.first()),
          text(kind.millis()));
    }
    out.flush();
  }

  private static String text(Spread spread) {
    return spread.median() + " (" + spread.most() + ")";
  }

  private static void printCosts(Map<String, DhtReport> reports, PrintStream out) {
    out.println();
    out.println(
        "| world | datagrams/min a node | B/s a node | nodes in a table | gone of those"
            + " | KiB of heap a node |");
    out.println("|---|---|---|---|---|---|");
    reports.forEach(
        (world, report) ->
            out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.0f | %d | %.1f %% | %d |%n",
                world,
                report.datagramsPerNode(),
                report.bytesPerNode(),
                report.table(),
                100 * report.dead(),
                report.memoryPerNode() / 1024));
  }

  private String document(Map<String, DhtReport> reports) {
    return Json.object(
        document ->
            document
                .put("nodes", nodes)
                .put("seed", seed)
                .put("lookups", lookups)
                .objects("worlds", reports.entrySet(), SimDht::putWorld));
  }

  private static void putWorld(Json json, Map.Entry<String, DhtReport> world) {
    DhtReport report = world.getValue();
    DhtSetting setting = report.setting();
    json.put("world", world.getKey());
    setting.lifetime().ifPresent(stay -> json.put("lifetime_s", stay.toSeconds()));
    json.put("loss", setting.loss())
        .put("nat", setting.nat())
        .put("liars", setting.liars())
        .put("datagrams_per_node_and_minute", report.datagramsPerNode())
        .put("bytes_per_node_and_second", report.bytesPerNode())
        .put("table", report.table())
        .put("gone", report.dead())
        .put("heap_per_node", report.memoryPerNode())
        .put("trace", Long.toHexString(report.trace()))
        .objects("kinds", report.kinds(), SimDht::putKind);
  }

  private static void putKind(Json json, Kind kind) {
    json.put("kind", kind.name()).put("lookups", kind.lookups()).put("succeeded", kind.succeeded());
    putSpread(json, "hops", kind.hops());
    putSpread(json, "queries", kind.queries());
    putSpread(json, "found_ms", kind.first());
    putSpread(json, "end_ms", kind.millis());
  }

  private static void putSpread(Json json, String name, Spread spread) {
    json.put(name + "_median", spread.median()).put(name + "_95", spread.most());
  }
}
