package peerage.interop;

import java.util.List;
import java.util.Optional;

/// The foreign clients that Peerage is tested against.
enum Foreign {
  /// libtorrent (Rasterbar), by its Python binding.
  LIBTORRENT {
    @Override
    Optional<String> missing() {
      var probe = List.of(Libtorrent.PYTHON, "-c", "import libtorrent");
      return Command.exists(Libtorrent.PYTHON) && Command.run("", probe).exit() == 0
          ? Optional.empty()
          : Optional.of("python3-libtorrent");
    }

    @Override
    Client start(Lab lab, Host host, Share share) {
      return Libtorrent.start(lab, host, share, Libtorrent.Plugins.ALL);
    }
  },
  /// Transmission, its daemon.
  TRANSMISSION {
    @Override
    Optional<String> missing() {
      return Command.exists("transmission-daemon") && Command.exists("transmission-remote")
          ? Optional.empty()
          : Optional.of("transmission-daemon and transmission-cli");
    }

    @Override
    Client start(Lab lab, Host host, Share share) {
      return Transmission.start(lab, host, share);
    }
  },
  /// aria2.
  ARIA2 {
    @Override
    Optional<String> missing() {
      return Command.exists("aria2c") ? Optional.empty() : Optional.of("aria2");
    }

    @Override
    Client start(Lab lab, Host host, Share share) {
      return Aria2.start(lab, host, share);
    }
  };

  /// Which Debian packages it lacks; empty if it can be started.
  abstract Optional<String> missing();

  /// Starts it; returns once it is ready to meet peers, a seed once its data are verified.
  abstract Client start(Lab lab, Host host, Share share);
}
