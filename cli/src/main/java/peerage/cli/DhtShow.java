package peerage.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import peerage.dht.DhtStatus;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// How a router of the DHT is shown: on a terminal one line that is drawn again and again,
/// elsewhere a line now and then, or JSON.
final class DhtShow {
  private static final long LIVE_PAUSE = 1_000;
  private static final long PLAIN_PAUSE = 10_000;

  private final Terminal terminal;
  private final OutputOptions output;
  private final StatusBoard board;
  private long lastQueries;
  private long lastNanos = System.nanoTime();

  DhtShow(Terminal terminal, OutputOptions output) {
    this.terminal = terminal;
    this.output = output;
    this.board = new StatusBoard(terminal.out());
  }

  /// Milliseconds until the next [#status(DhtStatus, long)].
  long pause() {
    return isLive() ? LIVE_PAUSE : PLAIN_PAUSE;
  }

  private boolean isLive() {
    return terminal.style().live() && !output.jsonLines && !output.quiet;
  }

  void opened(List<PeerAddress> addresses, int port) {
    if (output.jsonLines) {
      line("listening", json -> json.put("port", port).texts("addresses", addresses));
    } else if (!output.quiet) {
      String where =
          addresses.isEmpty()
              ? "UDP port " + port
              : String.join(", ", addresses.stream().map(PeerAddress::toString).toList());
      terminal.out().println("a DHT router on " + where);
      if (!addresses.isEmpty()) {
        terminal.out().println("others enter by --dht-router " + addresses.getFirst());
      }
    }
  }

  void status(DhtStatus status, long dropped) {
    if (output.jsonLines) {
      line("status", json -> write(json, status, dropped));
    } else if (isLive()) {
      board.draw(List.of(Text.fit(text(status), terminal.style().width() - 1)));
    } else if (!output.quiet) {
      terminal.out().println(text(status));
    }
  }

  void end(DhtStatus status, long dropped) {
    if (output.jsonLines) {
      line(
          "end",
          json -> {
            json.put("exit", ExitCode.OK.number());
            write(json, status, dropped);
          });
    } else if (!output.quiet) {
      board.erase();
      terminal.out().println("answered " + Text.count(queries(status), "query", "queries"));
    }
  }

  private void line(String name, java.util.function.Consumer<Json> content) {
    terminal.out().println(EventJson.event(name, Instant.now(), content));
    terminal.out().flush();
  }

  private String text(DhtStatus status) {
    List<String> parts = new ArrayList<>();
    for (DhtStatus.Node node : status.sockets()) {
      parts.add(name(node.family()) + " " + node.good() + " good of " + node.known() + " nodes");
    }
    parts.add(Text.count(status.swarms(), "swarm") + " with " + Text.count(status.peers(), "peer"));
    parts.add(Text.count(status.items(), "item"));
    parts.add(String.format("%.1f queries/s", rate(status)));
    return String.join(", ", parts);
  }

  private double rate(DhtStatus status) {
    long now = System.nanoTime();
    long queries = queries(status);
    double rate = (queries - lastQueries) * 1e9 / Math.max(1, now - lastNanos);
    lastQueries = queries;
    lastNanos = now;
    return rate;
  }

  private static String name(Family family) {
    return switch (family) {
      case V4 -> "IPv4";
      case V6 -> "IPv6";
    };
  }

  /// How often we were asked something.
  static long queries(DhtStatus status) {
    return status.counters().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("was asked "))
        .mapToLong(java.util.Map.Entry::getValue)
        .sum();
  }

  private static void write(Json json, DhtStatus status, long dropped) {
    json.objects(
            "nodes",
            status.sockets(),
            (each, node) ->
                each.put("family", name(node.family()))
                    .put("id", node.id().hex())
                    .put("good", node.good())
                    .put("known", node.known())
                    .put("own_ip", node.ownIp()))
        .put("swarms", status.swarms())
        .put("peers", status.peers())
        .put("items", status.items())
        .put("queries", queries(status))
        .put("dropped", dropped)
        .object("counters", each -> status.counters().forEach(each::put));
  }
}
