package peerage.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import peerage.node.DownloadException;
import peerage.node.Verifier;
import peerage.wire.Metainfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage verify`.
@Command(
    name = "verify",
    description = "Compare files on disk with a torrent, changing nothing.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  peerage verify debian.torrent -d ~/Downloads",
      "",
      "Names each file that is not complete, with exit code 43."
    })
final class Verify implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(paramLabel = "X", description = "A .torrent file, or the http(s) address of one.")
  String source = "";

  @Option(
      names = {"-d", "--dir"},
      paramLabel = "DIR",
      description = "Where the files are. Default: the current directory.")
  Path directory = Path.of("");

  @Option(names = "--json", description = "Print one JSON document instead.")
  boolean json;

  Verify(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, DownloadException, InterruptedException {
    Metainfo torrent = Sources.read(source);
    Verifier.Report report = hash(torrent);
    if (json) {
      terminal.out().println(document(torrent, report));
    } else {
      print(torrent, report);
    }
    return report.isComplete() ? ExitCode.OK : ExitCode.VERIFY_FAILED;
  }

  private Verifier.Report hash(Metainfo torrent) throws DownloadException {
    var line = new HashingLine(terminal, torrent.name(), torrent.totalLength());
    try {
      return Verifier.verify(
          torrent,
          directory.toAbsolutePath(),
          pieces -> line.hashed((long) pieces * torrent.pieceLength()));
    } finally {
      line.erase();
    }
  }

  private void print(Metainfo torrent, Verifier.Report report) {
    for (Verifier.FileReport file : report.files()) {
      if (!file.isComplete()) {
        terminal.out().println(file.file() + ": " + fault(file));
      }
    }
    terminal
        .out()
        .println(
            report.isComplete()
                ? torrent.name() + ": complete, " + Text.size(torrent.totalLength())
                : torrent.name()
                    + ": "
                    + Text.count(report.pieces() - report.good(), "piece")
                    + " of "
                    + Text.grouped(report.pieces())
                    + " missing");
  }

  private static String fault(Verifier.FileReport file) {
    if (!file.exists()) {
      return "not there";
    }
    if (file.size() > file.file().length()) {
      return Text.count(file.size() - file.file().length(), "byte") + " too long";
    }
    String missing =
        Text.count(file.pieces() - file.good(), "piece")
            + " of "
            + Text.grouped(file.pieces())
            + " missing";
    return file.size() < file.file().length()
        ? Text.count(file.file().length() - file.size(), "byte") + " too short, " + missing
        : missing;
  }

  private static String document(Metainfo torrent, Verifier.Report report) {
    return Json.object(
        document ->
            document
                .put("name", torrent.name())
                .put("info_hash", torrent.infoHash().toString())
                .put("complete", report.isComplete())
                .put("pieces", report.pieces())
                .put("good", report.good())
                .objects(
                    "files",
                    report.files(),
                    (each, file) ->
                        each.put("path", file.file().toString())
                            .put("length", file.file().length())
                            .put("exists", file.exists())
                            .put("size", file.size())
                            .put("pieces", file.pieces())
                            .put("good", file.good())
                            .put("complete", file.isComplete())));
  }
}
