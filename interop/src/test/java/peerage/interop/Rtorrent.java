package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// rTorrent without a terminal, which does as its file of settings says, and leaves a file when
/// something has happened.
///
/// @param signs the folder of these files
record Rtorrent(Host host, Running process, Path signs) implements Client {
  static Rtorrent start(Lab lab, Host host, Share share) {
    lab.need(Foreign.RTORRENT);
    Path signs = lab.folder("rtorrent-signs");
    Path settings = signs.resolve("rtorrent.rc");
    try {
      Files.createDirectory(signs.resolve("session"));
      Files.writeString(settings, settings(share, signs));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Running process =
        lab.start(host, "rtorrent", List.of("rtorrent", "-n", "-o", "import=" + settings));
    var client = new Rtorrent(host, process, signs);
    process.await("reading what is on disk", () -> client.has("hashed"));
    process.await("listening", () -> Sockets.isListening(process, Host.PORT));
    return client;
  }

  private static String settings(Share share, Path signs) {
    return """
    system.daemon.set = true
    session.path.set = %2$s/session
    directory.default.set = %3$s
    dht.mode.set = disable
    trackers.use_udp.set = no
    protocol.pex.set = yes
    network.port_range.set = %1$d-%1$d
    network.port_random.set = no
    throttle.global_up.max_rate.set = %4$d
    method.set_key = event.download.hash_done, sign, "execute.nothrow={touch,%2$s/hashed}"
    method.set_key = event.download.finished, sign, "execute.nothrow={touch,%2$s/finished}"
    schedule2 = load, 0, 0, "load.start=%5$s"
    """
        .formatted(Host.PORT, signs, share.folder(), share.upLimit(), share.torrent());
  }

  private boolean has(String sign) {
    return Files.exists(signs.resolve(sign));
  }

  @Override
  public boolean isComplete() {
    return has("finished");
  }
}
