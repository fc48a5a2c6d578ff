package peerage.interop;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// libtorrent's node of the DHT, driven line by line through `libtorrent_dht.py`.
record LibtorrentDht(Host host, Running process) {
  /// @param listen where it listens, as libtorrent writes it
  /// @param router where it enters the DHT; empty if nowhere
  static LibtorrentDht start(Lab lab, Host host, String listen, Optional<String> router) {
    lab.need(Foreign.LIBTORRENT);
    Path script = lab.script("libtorrent_dht.py");
    String task = "{\"listen\": \"%s\", \"router\": \"%s\"}".formatted(listen, router.orElse(""));
    Running process =
        lab.start(host, "libtorrent", List.of(Libtorrent.PYTHON, script.toString(), task));
    return new LibtorrentDht(host, process);
  }

  /// How many nodes its table has.
  long nodes() {
    return ask("{\"do\": \"status\"}").number("nodes");
  }

  /// Joins a swarm, of which it knows nothing but the info hash, and so announces itself.
  void announce(String infoHash, Path folder) {
    ask(
        "{\"do\": \"announce\", \"info_hash\": \"%s\", \"folder\": \"%s\"}"
            .formatted(infoHash, folder));
  }

  /// The peers of a swarm that the DHT knows.
  List<String> peers(String infoHash) {
    return ask("{\"do\": \"peers\", \"info_hash\": \"%s\"}".formatted(infoHash)).texts("peers");
  }

  /// Puts an immutable text.
  ///
  /// @return its place
  String put(String text) {
    return ask("{\"do\": \"put\", \"value\": \"%s\"}".formatted(text)).text("target");
  }

  /// The immutable text at a place; empty if there is none.
  String get(String target) {
    return ask("{\"do\": \"get\", \"target\": \"%s\"}".formatted(target)).text("value");
  }

  /// Puts a mutable text.
  ///
  /// @return its owner's public key
  String putMutable(String text, String salt) {
    return ask("{\"do\": \"put_mutable\", \"value\": \"%s\", \"salt\": \"%s\"}"
            .formatted(text, salt))
        .text("key");
  }

  /// The mutable text of an owner; empty if there is none.
  String getMutable(String key, String salt) {
    return ask("{\"do\": \"get_mutable\", \"key\": \"%s\", \"salt\": \"%s\"}".formatted(key, salt))
        .text("value");
  }

  private JsonLine ask(String order) {
    return JsonLine.parse(process.ask(order));
  }
}
