package peerage.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import peerage.node.DownloadException;
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

  @Override
  public ExitCode call() throws CommandFailure, DownloadException, InterruptedException {
    return new ScrapeRun(terminal, json).run(questions());
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
}
