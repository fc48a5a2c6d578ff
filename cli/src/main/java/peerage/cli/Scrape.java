package peerage.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import peerage.announce.ScrapeRequest;
import peerage.announce.SwarmFigures;
import peerage.node.DownloadException;
import peerage.node.Peerage;
import peerage.node.TrackerFailure;
import peerage.peers.InfoHash;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage scrape`.
@Command(
    name = "scrape",
    description = "Ask trackers how big swarms are, without joining them.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage scrape debian.torrent",
      "  peerage scrape udp://tracker.example:6969 --info-hash 0123…cdef --json"
    })
final class Scrape implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "X",
      arity = "1..*",
      description =
          "A .torrent file or the http(s) address of one, a magnet link with trackers, or, with"
              + " --info-hash, the announce URL of a tracker.")
  List<String> sources = List.of();

  @Option(
      names = "--info-hash",
      paramLabel = "HEX",
      description = "X is a tracker: ask it about this torrent. May be repeated.")
  List<String> hashes = new ArrayList<>();

  @Option(names = "--json", description = "Print one JSON document instead.")
  boolean json;

  Scrape(Terminal terminal) {
    this.terminal = terminal;
  }

  /// What one tracker said of one torrent.
  ///
  /// @param figures empty if it gave none
  /// @param problem why not; empty if it answered
  private record Row(
      String tracker, InfoHash infoHash, Optional<SwarmFigures> figures, String problem) {}

  @Override
  public ExitCode call() throws CommandFailure, DownloadException, InterruptedException {
    SequencedMap<String, SequencedSet<InfoHash>> questions = questions();
    List<Row> rows = ask(questions);
    if (json) {
      terminal.out().println(document(rows));
    } else {
      rows.forEach(this::print);
    }
    boolean answered = rows.stream().anyMatch(row -> row.problem().isEmpty());
    return answered ? ExitCode.OK : ExitCode.NETWORK;
  }

  /// Which trackers to ask about which torrents.
  private SequencedMap<String, SequencedSet<InfoHash>> questions()
      throws CommandFailure, DownloadException, InterruptedException {
    var questions = new LinkedHashMap<String, SequencedSet<InfoHash>>();
    for (String source : sources) {
      if (!hashes.isEmpty()) {
        SequencedSet<InfoHash> ofTracker = at(questions, source);
        for (String hex : hashes) {
          ofTracker.add(infoHash(hex));
        }
        continue;
      }
      switch (Sources.find(source)) {
        case Named.Torrent(Metainfo torrent) ->
            add(torrent.trackers(), torrent.infoHash(), questions);
        case Named.Link(Magnet magnet) -> add(magnet.trackers(), magnet.infoHash(), questions);
      }
    }
    if (questions.isEmpty()) {
      throw new CommandFailure(ExitCode.BAD_TORRENT, "no tracker is named: there is none to ask");
    }
    return questions;
  }

  private static void add(
      List<List<String>> tiers,
      InfoHash infoHash,
      SequencedMap<String, SequencedSet<InfoHash>> questions) {
    tiers.forEach(tier -> tier.forEach(url -> at(questions, url).add(infoHash)));
  }

  private static SequencedSet<InfoHash> at(
      SequencedMap<String, SequencedSet<InfoHash>> questions, String url) {
    return questions.computeIfAbsent(url, _ -> new LinkedHashSet<>());
  }

  private static InfoHash infoHash(String hex) throws CommandFailure {
    if (!hex.matches("[0-9A-Fa-f]{40}")) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "--info-hash takes 40 hex digits, not \"" + hex + "\"");
    }
    return InfoHash.parse(hex);
  }

  private static List<Row> ask(SequencedMap<String, SequencedSet<InfoHash>> questions)
      throws CommandFailure {
    var rows = new ArrayList<Row>();
    try (Peerage peerage =
        Peerage.builder().port(0).withoutDht().withoutLan().withoutMemory().open()) {
      for (Map.Entry<String, SequencedSet<InfoHash>> question : questions.entrySet()) {
        List<InfoHash> all = List.copyOf(question.getValue());
        for (int at = 0; at < all.size(); at += ScrapeRequest.MAX_HASHES) {
          int end = Math.min(all.size(), at + ScrapeRequest.MAX_HASHES);
          rows.addAll(ask(peerage, question.getKey(), all.subList(at, end)));
        }
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.NETWORK, String.valueOf(e.getMessage()));
    }
    return rows;
  }

  private static List<Row> ask(Peerage peerage, String tracker, List<InfoHash> hashes) {
    try {
      var figures = peerage.scrape(tracker, hashes);
      return hashes.stream()
          .map(it -> new Row(tracker, it, Optional.ofNullable(figures.get(it)), ""))
          .toList();
    } catch (TrackerFailure e) {
      return hashes.stream()
          .map(it -> new Row(tracker, it, Optional.empty(), e.sentence()))
          .toList();
    }
  }

  private void print(Row row) {
    if (!row.problem().isEmpty()) {
      terminal.complain(row.tracker() + ": " + row.problem());
      return;
    }
    String told =
        row.figures()
            .map(
                it ->
                    String.format(
                        Locale.ROOT,
                        "%s, %s, completed %s",
                        Text.count(it.seeds(), "seed"),
                        Text.count(it.leeches(), "leech", "leeches"),
                        Text.count(it.completed(), "time")))
            .orElse("not known there");
    terminal.out().println(row.infoHash() + "  " + row.tracker() + "  " + told);
  }

  private static String document(List<Row> rows) {
    return Json.object(
        document ->
            document.objects(
                "trackers",
                rows,
                (each, row) -> {
                  each.put("url", row.tracker()).put("info_hash", row.infoHash().toString());
                  each.put("ok", row.problem().isEmpty());
                  row.figures()
                      .ifPresent(
                          it ->
                              each.put("seeds", it.seeds())
                                  .put("leeches", it.leeches())
                                  .put("completed", it.completed()));
                  if (!row.problem().isEmpty()) {
                    each.put("reason", row.problem());
                  }
                }));
  }
}
