package peerage.cli;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import peerage.dht.Dht;
import peerage.dht.LookupReport;
import peerage.node.DownloadException;
import peerage.peers.InfoHash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `peerage dht scrape`.
@Command(
    name = "scrape",
    description = "Estimate how many seeds and downloaders the DHT knows of a swarm (BEP 33).",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DhtScrape implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "X",
      description = "The swarm: an info-hash in hex, a magnet link or a .torrent file.")
  String source = "";

  @Mixin DhtOptions dht = new DhtOptions();
  @Mixin OutputOptions output = new OutputOptions();

  private Dht.Output.@Nullable Scraped scraped;

  DhtScrape(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, DownloadException, InterruptedException {
    output.check();
    InfoHash swarm = swarm();
    Optional<LookupReport> report = dht.run(terminal, new Dht.Task.Scrape(swarm), this::keep);
    Dht.Output.Scraped result = scraped;
    if (report.isEmpty() || result == null) {
      throw DhtOptions.nobody();
    }
    if (output.jsonLines) {
      terminal.out().println(json(swarm, result));
      terminal.out().println(DhtEnd.json(ExitCode.OK, report, _ -> {}));
    } else {
      String figures = text(result);
      terminal.out().println(output.verbose ? DhtEnd.text(figures, report.get()) : figures);
    }
    return ExitCode.OK;
  }

  private InfoHash swarm() throws CommandFailure, DownloadException, InterruptedException {
    Named named = Sources.find(source);
    if (named instanceof Named.Torrent(var torrent) && torrent.isPrivate()) {
      throw new CommandFailure(
          ExitCode.PRIVATE_REFUSED, "this torrent is private: the DHT must not hear of it");
    }
    return named.infoHash();
  }

  /// The DHT is asked again while nobody answers: the last result counts.
  private void keep(Dht.Output what) {
    if (what instanceof Dht.Output.Scraped result) {
      scraped = result;
    }
  }

  private static String text(Dht.Output.Scraped result) {
    return "about "
        + Text.count(Math.round(result.seeds()), "seed")
        + " and "
        + Text.count(Math.round(result.downloaders()), "downloader");
  }

  private static String json(InfoHash swarm, Dht.Output.Scraped result) {
    return EventJson.event(
        "scrape",
        Instant.now(),
        json ->
            json.put("info_hash", swarm.toString())
                .put("seeds", Math.round(result.seeds()))
                .put("downloaders", Math.round(result.downloaders())));
  }
}
