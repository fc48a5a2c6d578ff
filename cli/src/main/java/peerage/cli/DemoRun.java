package peerage.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import peerage.bencode.MalformedMessage;
import peerage.node.TorrentMaker;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.wire.Metainfo;

/// Runs `demo`: lets peers meet, takes their tracker away, and lets one more in.
///
/// What it prints is what the peers report. It decides when to start and stop them, and how much
/// the seed may send, and nothing else.
final class DemoRun {
  private static final int PEERS = 8;

  /// The one that the newcomer knows: not the seed, and not the first.
  private static final int KNOWN = 3;

  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration LIVE_PAUSE = Duration.ofMillis(250);
  private static final Duration PLAIN_PAUSE = Duration.ofSeconds(4);

  private final Terminal terminal;
  private final PrintStream out;
  private final DemoScale scale;
  private final List<DemoPeer> peers = new ArrayList<>();
  private final StatusBoard board;
  private final ProgressLine line;
  private final long begun = System.nanoTime();
  private long nextDraw = begun;

  DemoRun(Terminal terminal, DemoScale scale) {
    this.terminal = terminal;
    this.out = terminal.out();
    this.scale = scale;
    this.board = new StatusBoard(out);
    this.line = new ProgressLine(terminal.style());
  }

  /// Plays it.
  ///
  /// @param temporary a folder for a folder, which is gone in the end
  ExitCode run(Path temporary) throws IOException, CommandFailure, InterruptedException {
    Path home = Files.createTempDirectory(temporary, "peerage-demo");
    try {
      play(home);
      return ExitCode.OK;
    } finally {
      board.erase();
      peers.parallelStream().forEach(DemoPeer::close);
      delete(home);
    }
  }

  private void play(Path home) throws IOException, CommandFailure, InterruptedException {
    List<InetAddress> hosts = hosts();
    DemoPeer newcomer;
    try (var tracker = new DemoTracker()) {
      Metainfo torrent = prepare(home, tracker);
      meet(home, hosts, torrent, tracker);
      loseTracker(tracker);
      newcomer = letIn(home, hosts.getLast(), torrent);
    }
    boolean knowsAll = discover(newcomer);
    download(newcomer);
    new DemoReport(out, newcomer, peers.subList(0, PEERS)).print();
    say("   the whole demo                " + Text.seconds(sinceBegin()));
    if (!knowsAll) {
      throw new CommandFailure(ExitCode.UNKNOWN, "the newcomer did not hear of every peer");
    }
  }

  /// Addresses of this machine, one for each peer and the newcomer. macOS has but one.
  private List<InetAddress> hosts() throws IOException {
    List<InetAddress> hosts = new ArrayList<>();
    for (int i = 0; i <= PEERS; i++) {
      hosts.add(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (10 + i)}));
    }
    try (var probe = new ServerSocket(0, 1, hosts.getLast())) {
      assert probe.isBound();
      return hosts;
    } catch (IOException _) {
      say("This machine has no loopback address but 127.0.0.1: the peers differ by their ports.");
      InetAddress only = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      return hosts.stream().map(_ -> only).toList();
    }
  }

  private Metainfo prepare(Path home, DemoTracker tracker)
      throws IOException, InterruptedException {
    Path seedHome = Files.createDirectories(home.resolve("peer1").resolve("files"));
    byte[] data = new byte[scale.bytes()];
    new SplittableRandom(1).nextBytes(data);
    Path file = Files.write(seedHome.resolve("demo.bin"), data);
    try {
      return Metainfo.parse(TorrentMaker.of(file).tier(List.of(tracker.url())).make(_ -> {}));
    } catch (MalformedMessage e) {
      throw new IllegalStateException("made a torrent that cannot be read", e);
    }
  }

  private void meet(Path home, List<InetAddress> hosts, Metainfo torrent, DemoTracker tracker)
      throws IOException, CommandFailure {
    title("1. Eight peers meet by a tracker.");
    say("   demo tracker  " + tracker.url());
    for (int i = 0; i < PEERS; i++) {
      long limit = i == 0 ? scale.seedRate() : 0;
      DemoPeer peer = DemoPeer.start(hosts.get(i), torrent, home.resolve("peer" + (i + 1)), limit);
      peers.add(peer);
      say(
          "   peer "
              + (i + 1)
              + "        "
              + peer.address()
              + (i == 0
                  ? "  has the file: " + Text.size(scale.bytes()) + ", sends " + Text.rate(limit)
                  : ""));
    }
    List<PeerAddress> all = peers.stream().map(DemoPeer::address).toList();
    boolean met =
        until(
            Duration.ofSeconds(10),
            () -> peers.stream().allMatch(peer -> peer.isConnectedTo(without(all, peer))));
    say(
        met
            ? stamp() + "each is connected to each of the others"
            : stamp() + "not everybody is connected to everybody after 10 s; going on");
    sayHowTheyMet();
    read();
  }

  private static List<PeerAddress> without(List<PeerAddress> all, DemoPeer peer) {
    return all.stream().filter(address -> !address.equals(peer.address())).toList();
  }

  private void sayHowTheyMet() {
    int byTracker = 0;
    int byPex = 0;
    int byCall = 0;
    for (DemoPeer peer : peers) {
      for (DemoPeer.Heard heard : peer.heard().values()) {
        switch (heard.origin()) {
          case Origin.Tracker _ -> byTracker++;
          case Origin.Pex _ -> byPex++;
          case Origin.Incoming _ -> byCall++;
          case Origin.Given _, Origin.Memory _, Origin.Dht _, Origin.Lan _, Origin.Magnet _ ->
              throw new IllegalStateException("nobody was given to these");
        }
      }
    }
    say(
        "          first heard of by the tracker: "
            + byTracker
            + ", by ut_pex: "
            + byPex
            + ", by its own call: "
            + byCall);
  }

  private void loseTracker(DemoTracker tracker) throws CommandFailure {
    title("2. The tracker is stopped.");
    tracker.close();
    try (var socket = new Socket()) {
      socket.connect(tracker.address(), 2000);
      throw new CommandFailure(ExitCode.UNKNOWN, "the demo tracker still answers after its end");
    } catch (IOException e) {
      say(stamp() + "calling " + tracker.url() + ": " + e.getMessage());
    }
    read();
  }

  private DemoPeer letIn(Path home, InetAddress host, Metainfo torrent) throws IOException {
    DemoPeer known = peers.get(KNOWN);
    title(
        "3. A newcomer is let in. It knows one peer: "
            + name(known.address())
            + ". Times count from its start.");
    DemoPeer newcomer = DemoPeer.start(host, torrent, home.resolve("newcomer"), 0);
    newcomer.tell(known.address());
    return newcomer;
  }

  /// Prints whom it hears of, and from whom, as it happens.
  private boolean discover(DemoPeer newcomer) throws CommandFailure {
    Set<PeerAddress> told = new LinkedHashSet<>();
    Set<PeerAddress> met = new LinkedHashSet<>();
    List<PeerAddress> all = peers.stream().map(DemoPeer::address).toList();
    try {
      return until(
          scale.patience(),
          () -> {
            sayNews(newcomer, told, met);
            return (newcomer.isConnectedTo(all) && newcomer.trackerFailure().isPresent())
                || newcomer.isComplete();
          });
    } finally {
      sayNews(newcomer, told, met);
      newcomer
          .trackerFailure()
          .ifPresent(why -> say("          the newcomer asked the tracker as well: " + why));
      peers.add(newcomer);
    }
  }

  private void sayNews(DemoPeer newcomer, Set<PeerAddress> told, Set<PeerAddress> met) {
    Map<PeerAddress, DemoPeer.Heard> heard = newcomer.heard();
    heard.forEach(
        (peer, how) -> {
          if (told.add(peer)) {
            say(stamp(newcomer, how.at()) + "newcomer " + howHeard(peer, how.origin()));
          }
        });
    newcomer
        .connected()
        .forEach(
            (peer, at) -> {
              if (met.add(peer)) {
                say(stamp(newcomer, at) + "newcomer is connected to " + name(peer));
              }
            });
  }

  private String howHeard(PeerAddress peer, Origin origin) {
    return switch (origin) {
      case Origin.Given _ -> "was given " + name(peer);
      case Origin.Pex(var teller, var dialect) ->
          "heard of " + name(peer) + " from " + name(teller) + " by " + dialect;
      case Origin.Incoming _ -> "was called by " + name(peer);
      case Origin.Tracker _ -> "heard of " + name(peer) + " from the tracker";
      case Origin.Memory _ -> "remembered " + name(peer);
      case Origin.Dht _, Origin.Lan _, Origin.Magnet _ ->
          "heard of " + name(peer) + " from the " + origin;
    };
  }

  private void download(DemoPeer newcomer) throws CommandFailure {
    title("4. Everybody gets the file, the newcomer included.");
    boolean done = until(scale.patience(), () -> peers.stream().allMatch(DemoPeer::isComplete));
    board.erase();
    if (!done) {
      throw new CommandFailure(
          ExitCode.UNKNOWN,
          "the download was not done after " + Text.duration(scale.patience()) + why());
    }
    long last = peers.stream().mapToLong(DemoPeer::completeAt).max().orElseThrow();
    say(stamp(newcomer, newcomer.completeAt()) + "the newcomer has it");
    say(stamp(newcomer, last) + "everybody has it");
  }

  private String why() {
    return peers.stream()
        .flatMap(peer -> peer.failure().stream())
        .findFirst()
        .map(why -> ": " + why)
        .orElse("");
  }

  /// Looks again and again, drawing the progress where it can be seen.
  private boolean until(Duration limit, BooleanSupplier condition) throws CommandFailure {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (terminal.stop().isRequested()) {
        throw new CommandFailure(ExitCode.UNFINISHED, "the demo was stopped");
      }
      if (System.nanoTime() > end) {
        return false;
      }
      draw();
      LockSupport.parkNanos(POLL.toNanos());
    }
    return true;
  }

  private void read() throws CommandFailure {
    boolean never = until(scale.reading(), () -> false);
    assert !never;
  }

  private void draw() {
    long now = System.nanoTime();
    if (now < nextDraw || peers.isEmpty()) {
      return;
    }
    DemoPeer last = peers.getLast();
    String name = name(last.address());
    if (terminal.style().live()) {
      nextDraw = now + LIVE_PAUSE.toNanos();
      board.draw(List.of(line.live(name, last.progress())));
    } else if (peers.size() > PEERS) {
      nextDraw = now + PLAIN_PAUSE.toNanos();
      say("          " + line.plain(name, last.progress()));
    }
  }

  /// An address as short as it can be without doubt.
  private String name(PeerAddress address) {
    for (int i = 0; i < peers.size(); i++) {
      if (peers.get(i).address().equals(address)) {
        return i < PEERS ? "peer " + (i + 1) : "the newcomer";
      }
    }
    return address.toString();
  }

  private Duration sinceBegin() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private String stamp() {
    return stamp(sinceBegin().toNanos());
  }

  private static String stamp(DemoPeer peer, long at) {
    return stamp(at - peer.begun());
  }

  private static String stamp(long nanos) {
    return String.format("%9s ", Text.seconds(Duration.ofNanos(Math.max(0, nanos))));
  }

  private void title(String text) {
    say("");
    say(text);
  }

  private void say(String text) {
    board.erase();
    out.println(text);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
