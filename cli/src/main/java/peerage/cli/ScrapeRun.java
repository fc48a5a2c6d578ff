package peerage.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import peerage.announce.ScrapeRequest;
import peerage.announce.SwarmFigures;
import peerage.node.Peerage;
import peerage.node.TrackerFailure;
import peerage.peers.InfoHash;

/// Asks trackers how big swarms are, and prints what they say.
final class ScrapeRun {
  private final Terminal terminal;
  private final boolean json;

  /// @param json whether to print one JSON document
  ScrapeRun(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  /// What one tracker said of one torrent.
  ///
  /// @param figures empty if it gave none
  /// @param problem why not; empty if it answered
  private record Row(
      String tracker, InfoHash infoHash, Optional<SwarmFigures> figures, String problem) {}

  /// @param questions which trackers to ask about which torrents
  ExitCode run(SequencedMap<String, SequencedSet<InfoHash>> questions) throws CommandFailure {
    List<Row> rows = ask(questions);
    if (json) {
      terminal.out().println(document(rows));
    } else {
      rows.forEach(this::print);
    }
    boolean answered = rows.stream().anyMatch(row -> row.problem().isEmpty());
    return answered ? ExitCode.OK : ExitCode.NETWORK;
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
