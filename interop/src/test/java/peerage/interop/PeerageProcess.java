package peerage.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Peerage as users run it: a process of its own, that tells what happens in JSON lines.
record PeerageProcess(Host host, Running process) {
  /// `peerage get`.
  static PeerageProcess get(Lab lab, Host host, Share share, String... more) {
    return start(lab, host, "get", share, lab.folder("state"), more);
  }

  /// `peerage get` with a state that is kept from one run to the next.
  static PeerageProcess getAgain(Lab lab, Host host, Share share, Path state, String... more) {
    return start(lab, host, "get", share, state, more);
  }

  /// `peerage seed`; returns once it has joined its swarm.
  static PeerageProcess seed(Lab lab, Host host, Share share, String... more) {
    var peerage = start(lab, host, "seed", share, lab.folder("state"), more);
    peerage.await("joined", _ -> true);
    return peerage;
  }

  /// The peers of these tests are to meet as the test says, and not by the DHT or on the LAN.
  private static PeerageProcess start(
      Lab lab, Host host, String command, Share share, Path state, String... more) {
    List<String> line = new ArrayList<>(List.of(command, share.torrent().toString()));
    line.addAll(List.of("-d", share.folder().toString(), "--no-dht", "--no-lan"));
    if (share.upLimit() > 0) {
      line.addAll(List.of("--up-limit", (share.upLimit() >> 10) + "K"));
    }
    line.addAll(List.of(more));
    return start(lab, host, state, line.toArray(String[]::new));
  }

  /// Any command that meets peers, with every means of discovery that is not switched off.
  static PeerageProcess start(Lab lab, Host host, Path state, String... commandLine) {
    List<String> line = new ArrayList<>(java("peerage.cli.Main"));
    line.addAll(List.of(commandLine));
    line.addAll(List.of("--json-lines", "--state", state.toString()));
    line.addAll(List.of("--port", Integer.toString(Host.PORT)));
    return new PeerageProcess(host, lab.start(host, "peerage " + commandLine[0], line));
  }

  /// The command that runs a class of this class path, by the Java that runs this test.
  static List<String> java(String main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx96m",
        "-cp",
        System.getProperty("java.class.path"),
        main);
  }

  /// What happened so far.
  Stream<JsonLine> events(String name) {
    return process.lines().stream()
        .filter(line -> line.startsWith("{\"event\":\"" + name + "\""))
        .map(JsonLine::parse);
  }

  /// How often it happened so far.
  long count(String name) {
    return events(name).count();
  }

  /// Waits for an event.
  JsonLine await(String name, Predicate<JsonLine> which) {
    process.await("the event " + name, () -> events(name).anyMatch(which));
    return events(name).filter(which).findFirst().orElseThrow();
  }

  /// Waits for the event that a peer is connected, whoever dialled, that listens at `endpoint`.
  void awaitPeer(String endpoint) {
    process.await(
        "a connection with " + endpoint,
        () ->
            Stream.concat(events("connected"), events("introduced"))
                .anyMatch(event -> event.text("peer").equals(endpoint)));
  }

  /// Whether an origin, as JSON, is that a peer told us by `ut_pex`.
  static boolean isPexFrom(String teller, JsonLine origin) {
    return origin.text("kind").equals("ut_pex") && origin.text("teller").equals(teller);
  }

  /// Its exit code, once it has ended.
  Optional<Integer> exit() {
    return process.exit();
  }
}
