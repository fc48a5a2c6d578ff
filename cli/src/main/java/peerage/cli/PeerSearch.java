package peerage.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import peerage.node.DownloadException;
import peerage.node.PeerReport;
import peerage.node.Peerage;
import peerage.node.PexTraffic;
import peerage.node.TorrentEvent;
import peerage.node.Watch;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// Runs `peers`: prints each verified peer once, then what was found.
final class PeerSearch {
  private final String source;
  private final Duration time;
  private final int max;
  private final boolean why;
  private final NetworkOptions network;
  private final OutputOptions output;
  private final Terminal terminal;
  private final Map<String, Integer> byOrigin = new LinkedHashMap<>();
  private int found;

  PeerSearch(
      String source,
      Duration time,
      int max,
      boolean why,
      NetworkOptions network,
      OutputOptions output,
      Terminal terminal) {
    this.source = source;
    this.time = time;
    this.max = max;
    this.why = why;
    this.network = network;
    this.output = output;
    this.terminal = terminal;
  }

  ExitCode run() throws CommandFailure, DownloadException, InterruptedException {
    List<PeerAddress> given = network.resolvedPeers();
    Named named = Sources.find(source);
    Instant begun = Instant.now();
    int candidates;
    PexTraffic pex;
    try (Peerage peerage = TransferRun.open(network);
        Watch watch = named.watch(peerage)) {
      if (peerage.port() != network.port && network.port != 0) {
        terminal.note(
            "port " + network.port + " is taken, listening on " + peerage.port() + " instead");
      }
      watch.onEvent(this::happened);
      terminal.stop().onRequest(watch::close);
      given.forEach(watch::tell);
      try (Stream<PeerReport> peers = watch.peers(time)) {
        peers.limit(max).forEach(this::print);
      }
      if (why) {
        explain(new WhyReport(watch.passports(), watch.tellers(), Instant.now()));
      }
      candidates = watch.progress().candidates();
      pex = watch.pex();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.NETWORK, "cannot listen for peers: " + e.getMessage());
    }
    ExitCode exit = found == 0 ? ExitCode.NO_PEER : ExitCode.OK;
    summarize(exit, candidates, pex, Duration.between(begun, Instant.now()));
    return exit;
  }

  private void explain(WhyReport report) {
    if (output.jsonLines) {
      report.printJson(terminal.out());
    } else {
      report.print(terminal.out());
    }
  }

  private void print(PeerReport peer) {
    found++;
    byOrigin.merge(kind(peer), 1, Integer::sum);
    if (output.jsonLines) {
      line(EventJson.event("peer", Instant.now(), json -> write(peer, json)));
    } else if (!output.quiet) {
      String from = peer.origins().isEmpty() ? "?" : peer.origins().getFirst().toString();
      line(String.format("%-21s  %-24s  %s", peer.address(), client(peer), from));
    }
  }

  private static String client(PeerReport peer) {
    return peer.client().isEmpty() ? "?" : Text.fit(peer.client(), 24);
  }

  private static String kind(PeerReport peer) {
    if (peer.origins().isEmpty()) {
      return "unknown";
    }
    return switch (peer.origins().getFirst()) {
      case Origin.Tracker _ -> "tracker";
      case Origin.Pex(var _, var dialect) -> dialect.toString();
      case Origin.Incoming _ -> "incoming";
      case Origin.Given _ -> "given";
      case Origin.Memory _ -> "memory";
      case Origin.Dht _ -> "dht";
      case Origin.Lan _ -> "lan";
      case Origin.Magnet _ -> "magnet";
    };
  }

  private static void write(PeerReport peer, Json json) {
    json.put("peer", peer.address().toString())
        .put("client", peer.client())
        .put("direction", EventJson.name(peer.direction()))
        .put("seed", peer.seed())
        .put("share", peer.share())
        .objects("origins", peer.origins(), (each, origin) -> EventJson.write(origin, each));
  }

  /// On the swarm's thread.
  private void happened(TorrentEvent event) {
    if (output.verbose && !output.jsonLines) {
      EventText.of(event).ifPresent(this::line);
    } else if (event instanceof TorrentEvent.TrackerFailed && !output.quiet) {
      EventText.of(event).ifPresent(terminal::note);
    }
  }

  private void line(String text) {
    terminal.out().println(text);
  }

  private void summarize(ExitCode exit, int candidates, PexTraffic pex, Duration took) {
    if (output.jsonLines) {
      line(
          EventJson.event(
              "end",
              Instant.now(),
              json ->
                  json.put("exit", exit.number())
                      .put("peers", found)
                      .object("by_origin", origins -> byOrigin.forEach(origins::put))
                      .put("candidates", candidates)
                      .object("pex", each -> EventJson.write(pex, each))));
    }
    if (found == 0) {
      terminal.complain(
          "found no peer in " + Text.duration(took) + ": name one with --peer, or look longer");
    } else if (!output.jsonLines && !output.quiet) {
      var origins = new StringJoiner(", ");
      byOrigin.forEach((origin, number) -> origins.add(number + " by " + origin));
      line(
          Text.count(found, "peer")
              + " verified in "
              + Text.duration(took)
              + " ("
              + origins
              + "), heard of "
              + Text.count(candidates, "address", "addresses"));
      line(EventText.of(pex));
    }
  }
}
