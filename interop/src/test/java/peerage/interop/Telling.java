package peerage.interop;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What one peer told a watcher by PEX while it was looked at.
///
/// @param metAt when they had exchanged handshakes, in ms
/// @param messages in the order in which they came
record Telling(long metAt, List<JsonLine> messages) {
  /// The cell for what did not come.
  static final String NONE = "none";

  static Telling of(WatcherProcess watchers, Host watcher, Host teller) {
    long metAt = watchers.met(watcher, teller).map(event -> event.number("at")).orElse(0L);
    return new Telling(metAt, watchers.events("pex", watcher, teller).toList());
  }

  /// How long after the handshakes its first message came.
  Optional<Duration> first() {
    return messages.stream()
        .findFirst()
        .map(message -> Duration.ofMillis(message.number("at") - metAt));
  }

  /// The times between messages.
  Stream<Duration> spacings() {
    return IntStream.range(1, messages.size())
        .mapToLong(i -> messages.get(i).number("at") - messages.get(i - 1).number("at"))
        .mapToObj(Duration::ofMillis);
  }

  /// The first address by which it named a host.
  Optional<String> named(Host host) {
    return mentions("added", host).findFirst();
  }

  /// By which address it named a host that had dialled it from another port than it listens on.
  String nameOf(Host host) {
    return named(host)
        .map(name -> name.equals(host.endpoint()) ? "listening port" : "port of the connection")
        .orElse(NONE);
  }

  /// Whether it took back just what it had told, after the host had left.
  String dropOf(Host host) {
    Optional<String> named = named(host);
    List<String> dropped = mentions("dropped", host).toList();
    if (named.isEmpty() || dropped.isEmpty()) {
      return NONE;
    }
    return named.filter(dropped::contains).isPresent() ? "yes" : "another port";
  }

  private Stream<String> mentions(String list, Host host) {
    return messages.stream()
        .flatMap(message -> message.texts(list).stream())
        .filter(contact -> contact.startsWith(host.ip4() + ":"));
  }

  /// Seconds as a cell of the table: one value, or the least and the greatest.
  static String seconds(Stream<Duration> values) {
    List<Duration> sorted = values.sorted().toList();
    if (sorted.isEmpty()) {
      return NONE;
    }
    String least = seconds(sorted.getFirst());
    String greatest = seconds(sorted.getLast());
    return least.equals(greatest) ? least + " s" : least + " to " + greatest + " s";
  }

  private static String seconds(Duration value) {
    return String.format(Locale.ROOT, "%.1f", value.toMillis() / 1000.0);
  }
}
