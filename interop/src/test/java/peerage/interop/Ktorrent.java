package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import peerage.bencode.MalformedMessage;
import peerage.wire.Metainfo;

/// KTorrent with a D-Bus session of its own, run by `ktorrent.sh`, which says `ready` and
/// `complete`. Its window is drawn nowhere (Qt's platform `offscreen`).
record Ktorrent(Host host, Running process) implements Client {
  static Ktorrent start(Lab lab, Host host, Share share) {
    lab.need(Foreign.KTORRENT);
    Path home = lab.folder("ktorrent-home");
    try {
      Path settings = Files.createDirectories(home.resolve(".config")).resolve("ktorrentrc");
      Files.writeString(settings, settings(share));
      var torrent = Metainfo.parse(Files.readAllBytes(share.torrent()));
      List<String> command =
          List.of(
              "dbus-run-session",
              "--",
              "sh",
              lab.script("ktorrent.sh").toString(),
              home.toString(),
              share.torrent().toString(),
              torrent.infoHash().toString());
      Running process = lab.start(host, "ktorrent", command);
      process.await("its remote control", () -> process.lines().contains("ready"));
      process.await("listening", () -> Sockets.isListening(process, Host.PORT));
      return new Ktorrent(host, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  private static String settings(Share share) {
    return """
    [General]
    dhtSupport=false
    pexEnabled=true
    utpEnabled=false
    webseedsEnabled=false
    port=%d
    saveDir=%s
    useSaveDir=true
    maxUploadRate=%d
    openAllTorrentsSilently=true
    showSystemTrayIcon=false
    startDownloadsOnLowDiskSpace=2
    """
        .formatted(Host.PORT, share.folder(), share.upLimit() >> 10);
  }

  @Override
  public boolean isComplete() {
    return process.lines().contains("complete");
  }
}
