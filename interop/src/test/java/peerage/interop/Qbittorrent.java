package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// qBittorrent without its window, asked over HTTP from within its namespace.
record Qbittorrent(Host host, Running process) implements Client {
  private static final int CONTROL_PORT = 8080;
  private static final String GET =
      "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=5).read().decode())";

  static Qbittorrent start(Lab lab, Host host, Share share) {
    lab.need(Foreign.QBITTORRENT);
    Path profile = lab.folder("qbittorrent-profile");
    Path settings = profile.resolve("qBittorrent/config/qBittorrent.conf");
    try {
      Files.createDirectories(settings.getParent());
      Files.writeString(settings, settings(share));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command =
        List.of(
            "qbittorrent-nox",
            "--profile=" + profile,
            "--save-path=" + share.folder(),
            "--add-paused=false",
            share.torrent().toString());
    Running process = lab.start(host, "qbittorrent-nox", command);
    var client = new Qbittorrent(host, process);
    process.await("listening", () -> Sockets.isListening(process, Host.PORT));
    process.await(
        "reading what is on disk",
        () -> share.isSeed() ? client.isComplete() : !client.state().isEmpty());
    return client;
  }

  /// Limits hold on the local network only if they are not to be ignored there.
  private static String settings(Share share) {
    return """
    [LegalNotice]
    Accepted=true

    [BitTorrent]
    Session\\BTProtocol=TCP
    Session\\DHTEnabled=false
    Session\\GlobalUPSpeedLimit=%d
    Session\\IgnoreLimitsOnLAN=false
    Session\\LSDEnabled=false
    Session\\PeXEnabled=true
    Session\\Port=%d
    Session\\QueueingSystemEnabled=false

    [Network]
    PortForwardingEnabled=false

    [Preferences]
    WebUI\\Enabled=true
    WebUI\\LocalHostAuth=false
    WebUI\\Port=%d
    WebUI\\UseUPnP=false
    """
        .formatted(share.upLimit() >> 10, Host.PORT, CONTROL_PORT);
  }

  /// What its torrent is at, in its own words; empty if it does not answer.
  private String state() {
    String url = "http://127.0.0.1:" + CONTROL_PORT + "/api/v2/torrents/info";
    Command.Result answer =
        Command.run(
            "",
            List.of("ip", "netns", "exec", host.namespace(), Libtorrent.PYTHON, "-c", GET, url));
    String list = answer.output().strip();
    return answer.exit() != 0 || !list.startsWith("[{")
        ? ""
        : JsonLine.parse(list.substring(1)).text("state");
  }

  @Override
  public boolean isComplete() {
    return state().matches("(forced|queued|stalled)UP|uploading");
  }
}
