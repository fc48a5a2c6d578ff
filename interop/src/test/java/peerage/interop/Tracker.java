package peerage.interop;

import java.util.List;
import java.util.stream.Collectors;

/// An HTTP tracker that gives each host exactly the peers that the test says.
record Tracker(Host host, Running process) {
  private static final int PORT = 6969;

  static Tracker start(Lab lab) {
    lab.need(Foreign.LIBTORRENT); // for its Python
    Host host = lab.host();
    Running process =
        lab.start(
            host,
            "tracker",
            List.of(
                Libtorrent.PYTHON, lab.script("tracker.py").toString(), Integer.toString(PORT)));
    process.await("listening", () -> Sockets.isListening(process, PORT));
    return new Tracker(host, process);
  }

  /// Its announce URL.
  String url() {
    return "http://" + host.ip4() + ":" + PORT + "/announce";
  }

  /// Gives these peers to the client of a host, whenever it announces itself.
  void introduce(Host to, Host... peers) {
    order(to.ip4(), List.of(peers));
  }

  /// Gives these peers to everybody that has none of its own.
  void introduceToAll(List<Host> peers) {
    order("*", peers);
  }

  private void order(String to, List<Host> peers) {
    String list =
        peers.stream()
            .map(peer -> "[\"" + peer.ip4() + "\", " + Host.PORT + "]")
            .collect(Collectors.joining(", "));
    process.ask("{\"to\": \"" + to + "\", \"peers\": [" + list + "]}");
  }
}
