package peerage.interop;

import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;
import peerage.peers.PeerAddress;
import peerage.pex.PexMessage;

/// What [Watchers] print: a JSON object a line, with the milliseconds since some beginning.
final class WatcherReport {
  private static final long BEGINNING = System.nanoTime();

  private WatcherReport() {}

  /// A watcher and a client have exchanged handshakes, those of the extension protocol too.
  ///
  /// @param client how the other calls itself
  static void met(String watcher, String client, String direction, String name) {
    String shown = name.replaceAll("[\"\\\\]", "?");
    print(
        "met",
        watcher,
        client,
        ",\"direction\":\"%s\",\"name\":\"%s\"".formatted(direction, shown));
  }

  /// A PEX message has come.
  static void pex(String watcher, String client, PexMessage message) {
    print(
        "pex",
        watcher,
        client,
        ",\"added\":%s,\"dropped\":%s"
            .formatted(list(message.added().sequencedKeySet()), list(message.dropped())));
  }

  /// A connection has ended.
  static void closed(String watcher, String client) {
    print("closed", watcher, client, "");
  }

  private static String list(Collection<PeerAddress> contacts) {
    return contacts.stream()
        .map(contact -> "\"" + contact + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static void print(String event, String watcher, String client, String more) {
    long at = Duration.ofNanos(System.nanoTime() - BEGINNING).toMillis();
    System.out.println(
        "{\"event\":\"%s\",\"watcher\":\"%s\",\"client\":\"%s\",\"at\":%d%s}"
            .formatted(event, watcher, client, at, more));
  }
}
