package peerage.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import peerage.node.DownloadException;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage show`.
@Command(
    name = "show",
    description = "Show what is in a torrent.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  peerage show debian.torrent --json | jq .files",
      "  peerage show 'magnet:?xt=urn:btih:...' --fetch",
      "",
      "Of a magnet link it shows what the link says; --fetch gets the rest from peers."
    })
final class Show implements Callable<ExitCode> {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Terminal terminal;

  @Parameters(
      paramLabel = "X",
      description =
          "A .torrent file, the http(s) address of one, a magnet link, or an info-hash in hex.")
  String source = "";

  @Option(names = "--json", description = "Print one JSON document instead.")
  boolean json;

  @Option(
      names = "--fetch",
      description =
          "Of a magnet link: get the metadata from peers, and show that. Exit code 40 if no peer is"
              + " found, 41 if none gives it.")
  boolean fetch;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "With --fetch: try so long. Default: 60s.")
  Duration time = Duration.ofSeconds(60);

  @Mixin NetworkOptions network = new NetworkOptions();

  Show(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, DownloadException, InterruptedException {
    network.check();
    switch (Sources.find(source)) {
      case Named.Torrent(Metainfo torrent) -> show(torrent);
      case Named.Link(Magnet magnet) -> show(magnet);
    }
    return ExitCode.OK;
  }

  private void show(Metainfo torrent) {
    if (json) {
      terminal.out().println(document(torrent));
    } else {
      print(torrent, terminal.out());
    }
  }

  private void show(Magnet magnet) throws CommandFailure, DownloadException, InterruptedException {
    var shown = new ShowMagnet(network, terminal);
    if (!fetch) {
      if (json) {
        terminal.out().println(shown.document(magnet));
      } else {
        shown.print(magnet);
        terminal.note("what is in it only peers know: --fetch asks them");
      }
      return;
    }
    if (!json) {
      shown.print(magnet);
      terminal.out().flush();
      terminal.note("fetching the metadata from peers, " + Text.duration(time) + " at most");
    }
    show(shown.fetch(magnet, time));
  }

  private static void print(Metainfo torrent, PrintStream out) {
    long total = torrent.totalLength();
    out.println("Name:        " + torrent.name());
    out.println("Info-hash:   " + torrent.infoHash());
    out.println("Size:        " + Text.size(total) + " (" + Text.grouped(total) + " bytes)");
    out.println("Pieces:      " + pieces(torrent));
    out.println(
        "Private:     " + (torrent.isPrivate() ? "yes, peers from its trackers only" : "no"));
    torrent.createdBy().ifPresent(program -> out.println("Created by:  " + program));
    torrent.creationDate().ifPresent(date -> out.println("Created:     " + date(date)));
    torrent.comment().ifPresent(comment -> out.println("Comment:     " + comment));
    printTrackers(torrent.trackers(), out);
    printFiles(FileChoice.numbered(torrent), out);
  }

  private static String pieces(Metainfo torrent) {
    return Text.grouped(torrent.pieceCount()) + " of " + Text.size(torrent.pieceLength());
  }

  private static String date(long seconds) {
    try {
      return DATE.format(Instant.ofEpochSecond(seconds));
    } catch (java.time.DateTimeException _) {
      return seconds + " seconds after 1970";
    }
  }

  static void printTrackers(List<List<String>> tiers, PrintStream out) {
    out.println(tiers.isEmpty() ? "Trackers:    none" : "Trackers:");
    for (int tier = 0; tier < tiers.size(); tier++) {
      for (String url : tiers.get(tier)) {
        out.printf(Locale.ROOT, "  tier %d  %s%n", tier + 1, url);
      }
    }
  }

  private static void printFiles(List<TorrentFile> files, PrintStream out) {
    out.println("Files:");
    for (int i = 0; i < files.size(); i++) {
      TorrentFile file = files.get(i);
      out.printf(Locale.ROOT, "  %4d  %9s  %s%n", i + 1, Text.size(file.length()), file);
    }
  }

  private static String document(Metainfo torrent) {
    List<TorrentFile> files = FileChoice.numbered(torrent);
    return Json.object(
        document -> {
          document
              .put("name", torrent.name())
              .put("info_hash", torrent.infoHash().toString())
              .put("size", torrent.totalLength())
              .put("piece_length", torrent.pieceLength())
              .put("pieces", torrent.pieceCount())
              .put("private", torrent.isPrivate())
              .put("created_by", torrent.createdBy())
              .put("comment", torrent.comment());
          torrent.creationDate().ifPresent(date -> document.put("creation_date", date));
          document
              .textLists("trackers", torrent.trackers())
              .objects(
                  "files",
                  files,
                  (each, file) ->
                      each.put("number", files.indexOf(file) + 1)
                          .put("path", file.toString())
                          .put("length", file.length()));
        });
  }
}
