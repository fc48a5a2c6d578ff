package peerage.interop;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// libtorrent, driven line by line through `libtorrent_peer.py`.
record Libtorrent(Host host, Running process) implements Client {
  /// Debian's own Python: the binding is built for it.
  static final String PYTHON = "/usr/bin/python3";

  /// Which of its extensions it has.
  enum Plugins {
    /// As it comes.
    ALL,
    /// No `ut_pex` and nothing else: nobody can tell it of a peer, and it tells nobody.
    NONE
  }

  /// Whether it discovers others on the local network.
  enum Lan {
    /// It does (BEP 14).
    ON,
    /// It does not.
    OFF
  }

  static Libtorrent start(Lab lab, Host host, Share share, Plugins plugins) {
    return start(lab, host, share, plugins, Lan.OFF);
  }

  static Libtorrent start(Lab lab, Host host, Share share, Plugins plugins, Lan lan) {
    lab.need(Foreign.LIBTORRENT);
    var peer = start(lab, host, share.torrent().toString(), share, plugins, lan);
    peer.process.await(
        "reading what is on disk",
        () -> peer.status().text("state").matches(share.isSeed() ? "seeding" : "downloading"));
    return peer;
  }

  /// One that knows a magnet link only, with the folder of a leech.
  static Libtorrent leech(Lab lab, Host host, String magnet, Share share) {
    lab.need(Foreign.LIBTORRENT);
    return start(lab, host, magnet, share, Plugins.ALL, Lan.OFF);
  }

  private static Libtorrent start(
      Lab lab, Host host, String torrent, Share share, Plugins plugins, Lan lan) {
    Path script = lab.script("libtorrent_peer.py");
    String task =
        """
        {"torrent": "%s", "folder": "%s", "port": %d, "up": %d, "pex": %s, "lan": %s}\
        """
            .formatted(
                torrent,
                share.folder(),
                Host.PORT,
                share.upLimit(),
                plugins == Plugins.ALL,
                lan == Lan.ON);
    Running process = lab.start(host, "libtorrent", List.of(PYTHON, script.toString(), task));
    return new Libtorrent(host, process);
  }

  private JsonLine status() {
    return JsonLine.parse(process.ask("{\"do\": \"status\"}"));
  }

  /// The peers that it has exchanged handshakes with.
  Stream<JsonLine> peers() {
    return JsonLine.parse(process.ask("{\"do\": \"peers\"}")).objects("peers").stream();
  }

  /// Has it dial a peer.
  void connect(String ip) {
    process.ask("{\"do\": \"connect\", \"ip\": \"%s\", \"port\": %d}".formatted(ip, Host.PORT));
  }

  @Override
  public boolean isComplete() {
    return status().flag("seeding");
  }

  /// Whether it is connected to the client of another host of which it has heard by PEX.
  boolean metByPex(Host other) {
    return peers()
        .anyMatch(
            peer ->
                peer.flag("pex") && List.of(other.ip4(), other.ip6()).contains(peer.text("ip")));
  }
}
