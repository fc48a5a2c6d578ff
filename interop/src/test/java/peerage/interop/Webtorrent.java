package peerage.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// webtorrent in Node.js, run by `webtorrent_peer.mjs`, which says `ready` and `complete`.
record Webtorrent(Host host, Running process) implements Client {
  /// Where `npm ci` has put it, seen from the folder of this module.
  private static final Path HOME = Path.of("webtorrent").toAbsolutePath();

  static Optional<String> missing() {
    if (!Command.exists("node")) {
      return Optional.of("not installed (Debian: nodejs and npm)");
    }
    return Files.exists(HOME.resolve("node_modules/webtorrent/index.js"))
        ? Optional.empty()
        : Optional.of("not installed (interop/webtorrent: npm ci --ignore-scripts)");
  }

  static Webtorrent start(Lab lab, Host host, Share share) {
    lab.need(Foreign.WEBTORRENT);
    List<String> command =
        List.of(
            "node",
            HOME.resolve("webtorrent_peer.mjs").toString(),
            share.torrent().toString(),
            share.folder().toString(),
            Integer.toString(Host.PORT),
            Integer.toString(share.upLimit()));
    Running process = lab.start(host, "webtorrent", command);
    var client = new Webtorrent(host, process);
    process.await("reading what is on disk", () -> process.lines().contains("ready"));
    return client;
  }

  @Override
  public boolean isComplete() {
    return process.lines().contains("complete");
  }
}
