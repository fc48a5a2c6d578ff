package peerage.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.node.DownloadException;
import peerage.node.TorrentMaker;
import peerage.wire.Metainfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage create`. The letters are those of `transmission-create`.
@Command(
    name = "create",
    description = "Make a torrent of a file or a folder.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  peerage create -t http://tracker.example.org/announce -c 'My album' album",
      "",
      "Files are ordered by name, so that the same folder gives the same info-hash everywhere.",
      "Symbolic links are followed to files below PATH only. What is left out is named."
    })
final class Create implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(paramLabel = "PATH", description = "The file or folder to share.")
  Path path = Path.of("");

  @Option(
      names = {"-o", "--outfile"},
      paramLabel = "FILE",
      description = "The torrent to write. Default: NAME.torrent in the current directory.")
  @Nullable Path outfile;

  @Option(
      names = {"-t", "--tracker"},
      paramLabel = "URL",
      description = "A tracker's announce URL; may be repeated, the first is asked first.")
  List<String> trackers = new ArrayList<>();

  @Option(
      names = "--node",
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description = "A node by which to enter the DHT; may be repeated (BEP 5).")
  List<HostPort> nodes = new ArrayList<>();

  @Option(
      names = {"-p", "--private"},
      description = "Allow peers from the trackers only (BEP 27): no peer exchange.")
  boolean isPrivate;

  @Option(
      names = {"-s", "--piecesize"},
      paramLabel = "KiB",
      description = "The length of a piece. Default: 16 KiB to 16 MiB, for at most 2,000 pieces.")
  @Nullable Integer pieceSize;

  @Option(
      names = {"-c", "--comment"},
      paramLabel = "TEXT",
      description = "A comment for people.")
  @Nullable String comment;

  @Option(
      names = {"-r", "--source"},
      paramLabel = "NAME",
      description = "A source name, as private trackers ask for; it changes the info-hash.")
  @Nullable String source;

  @Option(
      names = "--overwrite",
      description = "Write over FILE if it exists. Default: stop with exit code 13.")
  boolean overwrite;

  Create(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, DownloadException, InterruptedException {
    check();
    TorrentMaker maker = TorrentMaker.of(path);
    Path target = outfile == null ? Path.of(maker.name() + ".torrent") : outfile;
    checkTarget(target);
    maker.leftOut().forEach(terminal::note);
    byte[] torrent = make(maker);
    write(torrent, target);
    print(torrent, target);
    return ExitCode.OK;
  }

  private void check() throws CommandFailure {
    if (isPrivate && trackers.isEmpty()) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION,
          "a private torrent finds its peers by its trackers only: name one with -t");
    }
    if (isPrivate && !nodes.isEmpty()) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "a private torrent keeps out of the DHT: --node is of no use");
    }
    if (pieceSize != null && (pieceSize < 1 || pieceSize > Metainfo.MAX_PIECE_LENGTH / 1024)) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "--piecesize is 1 to 1048576 (KiB), not " + pieceSize);
    }
    for (String url : trackers) {
      if (!isUrl(url)) {
        throw new CommandFailure(
            ExitCode.BAD_OPTION,
            "'"
                + url
                + "' is no tracker: give an address that begins with http://, https:// or"
                + " udp://");
      }
    }
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getHost() != null && uri.getScheme().matches("(?i)https?|udp|wss?");
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void checkTarget(Path target) throws CommandFailure {
    if (!overwrite && Files.exists(target)) {
      throw exists(target);
    }
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new CommandFailure(ExitCode.NOT_FOUND, "there is no folder " + folder);
    }
  }

  private static CommandFailure exists(Path target) {
    return new CommandFailure(
        ExitCode.FILE_EXISTS,
        target + " exists: name another with -o, or write over it with --overwrite");
  }

  private byte[] make(TorrentMaker maker) throws DownloadException, InterruptedException {
    if (pieceSize != null) {
      maker.pieceLength(pieceSize * 1024);
    }
    trackers.forEach(url -> maker.tier(List.of(url)));
    nodes.forEach(node -> maker.node(node.bareHost(), node.port()));
    if (isPrivate) {
      maker.markPrivate();
    }
    if (comment != null) {
      maker.comment(comment);
    }
    if (source != null) {
      maker.source(source);
    }
    maker.createdBy(Main.VERSION, Instant.now());
    var line = new HashingLine(terminal, maker.name(), maker.totalLength());
    try {
      return maker.make(line::hashed);
    } finally {
      line.erase();
    }
  }

  /// Under another name first: nobody ever sees half of a torrent.
  private void write(byte[] torrent, Path target) throws CommandFailure {
    Path half = target.resolveSibling(target.getFileName() + ".new");
    try {
      Files.write(half, torrent);
      if (overwrite) {
        Files.move(half, target, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.move(half, target);
      }
    } catch (FileAlreadyExistsException _) {
      throw exists(target);
    } catch (NoSuchFileException _) {
      throw new CommandFailure(ExitCode.NOT_FOUND, "cannot write " + target + ": no such folder");
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNKNOWN, "cannot write " + target + ": " + e.getMessage());
    } finally {
      // It is gone unless the move failed.
      half.toFile().delete();
    }
  }

  private void print(byte[] bytes, Path target) {
    Metainfo torrent;
    try {
      torrent = Metainfo.parse(bytes);
    } catch (MalformedMessage e) {
      throw new IllegalStateException("wrote a torrent that cannot be read", e);
    }
    terminal.out().println("Torrent:     " + target);
    terminal.out().println("Info-hash:   " + torrent.infoHash());
    terminal
        .out()
        .println(
            "Content:     "
                + Text.count(torrent.files().size(), "file")
                + ", "
                + Text.size(torrent.totalLength())
                + ", "
                + Text.count(torrent.pieceCount(), "piece")
                + " of "
                + Text.size(torrent.pieceLength()));
  }
}
