package peerage.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The process of [Watchers], as a test sees it.
///
/// @param place the host whose addresses the watchers have
record WatcherProcess(Lab lab, Host place, Running process) {
  static WatcherProcess start(Lab lab) {
    Host place = lab.host();
    List<String> command = new ArrayList<>(PeerageProcess.java(Watchers.class.getName()));
    return new WatcherProcess(lab, place, lab.start(place, "watchers", command));
  }

  /// Adds a watcher.
  ///
  /// @param pex `pex`, or `plain` for none
  Host play(Content content, String pex) {
    Host host = lab.hostAt(place);
    process.say(
        String.join(
            " ",
            List.of(
                "play", host.ip4(), content.torrent().toString(), content.file().toString(), pex)));
    process.await("listening", () -> Sockets.isListening(process, host.ip4(), Host.PORT));
    return host;
  }

  /// Has a watcher dial a client, and waits until they have met.
  void dial(Host watcher, Host client) {
    process.say("dial " + watcher.ip4() + " " + client.ip4());
    awaitMet(watcher, client);
  }

  void tell(Host watcher, Host client, Host contact) {
    process.say("tell " + watcher.ip4() + " " + client.ip4() + " " + contact.endpoint());
  }

  void leave(Host watcher) {
    process.say("leave " + watcher.ip4());
  }

  /// What happened so far between a watcher and a client, in order.
  Stream<JsonLine> events(String name, Host watcher, Host client) {
    String beginning =
        "{\"event\":\"%s\",\"watcher\":\"%s\",\"client\":\"%s\","
            .formatted(name, watcher.ip4(), client.ip4());
    return process.lines().stream().filter(line -> line.startsWith(beginning)).map(JsonLine::parse);
  }

  Optional<JsonLine> met(Host watcher, Host client) {
    return events("met", watcher, client).findFirst();
  }

  void awaitMet(Host watcher, Host client) {
    process.await(
        "the client at " + client.ip4() + " to meet " + watcher.ip4(),
        () -> met(watcher, client).isPresent());
  }
}
