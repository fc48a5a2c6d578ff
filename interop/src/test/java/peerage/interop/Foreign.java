package peerage.interop;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The foreign clients that Peerage is tested against.
enum Foreign {
  /// libtorrent (Rasterbar), by its Python binding.
  LIBTORRENT("libtorrent"),
  /// Transmission, its daemon.
  TRANSMISSION("Transmission"),
  /// aria2.
  ARIA2("aria2"),
  /// rTorrent, without a terminal.
  RTORRENT("rTorrent"),
  /// qBittorrent, without its window.
  QBITTORRENT("qBittorrent"),
  /// Deluge, its daemon.
  DELUGE("Deluge"),
  /// webtorrent, in Node.js.
  WEBTORRENT("webtorrent"),
  /// The Java library bt.
  BT("bt"),
  /// KTorrent, with its window drawn nowhere.
  KTORRENT("KTorrent");

  private final String title;

  Foreign(String title) {
    this.title = title;
  }

  /// What it lacks to be started, and where that comes from; empty if it can be started.
  Optional<String> missing() {
    return switch (this) {
      case LIBTORRENT -> libtorrent();
      case TRANSMISSION ->
          debian(
              "transmission-daemon transmission-cli", "transmission-daemon", "transmission-remote");
      case ARIA2 -> debian("aria2", "aria2c");
      case RTORRENT -> debian("rtorrent", "rtorrent");
      case QBITTORRENT -> debian("qbittorrent-nox python3", "qbittorrent-nox", Libtorrent.PYTHON);
      case DELUGE -> debian("deluged deluge-console", "deluged", "deluge-console");
      case WEBTORRENT -> Webtorrent.missing();
      case BT -> Optional.empty(); // Maven brings it
      case KTORRENT ->
          debian("ktorrent dbus-daemon dbus-bin", "ktorrent", "dbus-run-session", "dbus-send");
    };
  }

  private static Optional<String> libtorrent() {
    var probe = List.of(Libtorrent.PYTHON, "-c", "import libtorrent");
    return Command.exists(Libtorrent.PYTHON) && Command.run("", probe).exit() == 0
        ? Optional.empty()
        : notInstalled("python3-libtorrent");
  }

  private static Optional<String> debian(String packages, String... programs) {
    return Arrays.stream(programs).allMatch(Command::exists)
        ? Optional.empty()
        : notInstalled(packages);
  }

  private static Optional<String> notInstalled(String packages) {
    return Optional.of("not installed (Debian: " + packages + ")");
  }

  /// Starts it; returns once it is ready to meet peers, a seed once its data are verified.
  Client start(Lab lab, Host host, Share share) {
    return switch (this) {
      case LIBTORRENT -> Libtorrent.start(lab, host, share, Libtorrent.Plugins.ALL);
      case TRANSMISSION -> Transmission.start(lab, host, share);
      case ARIA2 -> Aria2.start(lab, host, share);
      case RTORRENT -> Rtorrent.start(lab, host, share);
      case QBITTORRENT -> Qbittorrent.start(lab, host, share);
      case DELUGE -> Deluge.start(lab, host, share);
      case WEBTORRENT -> Webtorrent.start(lab, host, share);
      case BT -> Bt.start(lab, host, share);
      case KTORRENT -> Ktorrent.start(lab, host, share);
    };
  }

  /// The name by which people call it.
  @Override
  public String toString() {
    return title;
  }
}
