package peerage.announce;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Calls out our swarms on the local networks, and hears who else is in them (BEP 14). A machine:
/// no clock, no socket; owned by one loop, not thread-safe. One serves all torrents of a process.
/// Of private torrents it must not be told.
///
/// A *network* is one address family on one interface.
public final class LanAnnouncer {
  /// BEP 14: "it should send a LSD announce every 5 minutes on each interface".
  public static final Duration INTERVAL = Duration.ofMinutes(5);

  /// BEP 14: "To avoid causing multicast storms on large networks a client should send no more than
  /// 1 announce per minute."
  public static final Duration SPACING = Duration.ofMinutes(1);

  /// The first announce waits so long for others, so that torrents that begin together go in one
  /// datagram (guess: well above what it takes to begin a torrent, and hardly felt).
  static final Duration GATHERING = Duration.ofMillis(200);

  /// Who is new to us and in a swarm of ours hears of us after at most so long, not only in five
  /// minutes: it may be where we cannot dial. Random, or else all would answer at once (guess).
  static final Duration ANSWER_SPREAD = Duration.ofSeconds(5);

  /// For how long nobody is new after it was heard: two of its own announces may get lost.
  static final Duration MEMORY = INTERVAL.multipliedBy(3);

  /// The most datagrams taken of one sender in a minute (guess: libtorrent sends one for each of
  /// its torrents, three times).
  static final int MAX_PER_MINUTE = 120;

  /// What happened.
  public sealed interface Input {
    /// We are in this swarm, which is not private.
    record Joined(InfoHash infoHash) implements Input {}

    /// We are not any more, or it turned out to be private.
    record Left(InfoHash infoHash) implements Input {}

    /// This network can be reached.
    ///
    /// @param network a number of the driver's, not in use
    record Up(int network, Family family) implements Input {}

    /// It cannot any more.
    record Down(int network) implements Input {}

    /// A datagram came, over whatever network.
    @SuppressWarnings("ArrayRecordComponent") // decoded in place, not copied, and never compared
    record Received(PeerAddress from, byte[] datagram) implements Input {}

    /// Time has passed.
    record Tick() implements Input {}
  }

  /// What to do, or what was learned.
  public sealed interface Output {
    /// Send this to the group of the network's family.
    @SuppressWarnings("ArrayRecordComponent") // made for this output, and never compared
    record Send(int network, byte[] datagram) implements Output {}

    /// Somebody is in a swarm of ours.
    record Heard(InfoHash infoHash, PeerAddress peer) implements Output {}

    /// A datagram was dropped.
    record Dropped(IpAddress from, Reason reason) implements Output {}
  }

  /// Why a datagram is dropped.
  public enum Reason {
    /// It is our own.
    OWN,
    /// It is no announce.
    MALFORMED,
    /// Its sender sends too many.
    TOO_OFTEN
  }

  private final int port;
  private final String cookie;
  private final RandomGenerator random;
  private final TreeSet<InfoHash> swarms = new TreeSet<>(Comparator.comparing(InfoHash::toString));
  private final TreeMap<Integer, LanSchedule> networks = new TreeMap<>();
  private final LanEars ears = new LanEars();
  private final List<Output> out = new ArrayList<>();

  /// @param port where we listen for peers
  /// @param random for our cookie and for the spread of answers
  public LanAnnouncer(int port, RandomGenerator random) {
    this.port = port;
    this.random = random;
    this.cookie = "%016x".formatted(random.nextLong());
  }

  /// Takes one input.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    switch (input) {
      case Input.Joined(InfoHash infoHash) -> onJoined(infoHash, now);
      case Input.Left(InfoHash infoHash) -> {
        swarms.remove(infoHash);
        networks.values().forEach(network -> network.remove(infoHash));
      }
      case Input.Up(int network, Family family) -> onUp(network, family, now);
      case Input.Down(int network) -> networks.remove(network);
      case Input.Received(PeerAddress from, byte[] datagram) -> onReceived(from, datagram, now);
      case Input.Tick() -> onTick(now);
    }
    List<Output> outputs = List.copyOf(out);
    out.clear();
    return outputs;
  }

  /// When to say [Input.Tick].
  public Optional<Instant> nextDeadline() {
    return networks.values().stream()
        .flatMap(network -> network.next().stream())
        .min(Comparator.naturalOrder());
  }

  private void onJoined(InfoHash infoHash, Instant now) {
    if (swarms.add(infoHash)) {
      networks.values().forEach(network -> network.add(infoHash, now.plus(GATHERING)));
    }
  }

  private void onUp(int number, Family family, Instant now) {
    var network = new LanSchedule(family);
    swarms.forEach(infoHash -> network.add(infoHash, now.plus(GATHERING)));
    networks.put(number, network);
  }

  private void onTick(Instant now) {
    networks.forEach(
        (number, network) -> {
          List<InfoHash> due = network.take(now);
          if (!due.isEmpty()) {
            var message = new LanMessage(port, due, Optional.of(cookie));
            out.add(new Output.Send(number, message.encode(network.family())));
          }
        });
  }

  private void onReceived(PeerAddress from, byte[] datagram, Instant now) {
    Optional<Reason> reason = take(from, datagram, now);
    reason.ifPresent(it -> out.add(new Output.Dropped(from.ip(), it)));
  }

  private Optional<Reason> take(PeerAddress from, byte[] datagram, Instant now) {
    if (!ears.mayCome(from.ip(), now)) {
      return Optional.of(Reason.TOO_OFTEN);
    }
    try {
      LanMessage message = LanMessage.decode(datagram);
      if (message.cookie().filter(cookie::equals).isPresent()) {
        return Optional.of(Reason.OWN);
      }
      var peer = new PeerAddress(from.ip(), message.port());
      message.infoHashes().stream()
          .filter(swarms::contains)
          .forEach(infoHash -> heard(infoHash, peer, now));
      return Optional.empty();
    } catch (MalformedMessage _) {
      return Optional.of(Reason.MALFORMED);
    }
  }

  private void heard(InfoHash infoHash, PeerAddress peer, Instant now) {
    out.add(new Output.Heard(infoHash, peer));
    if (ears.isNew(infoHash, peer, now)) {
      Duration spread = ANSWER_SPREAD.multipliedBy(random.nextInt(1000)).dividedBy(1000);
      networks.values().stream()
          .filter(network -> network.family() == peer.family())
          .forEach(network -> network.hurry(infoHash, now.plus(spread)));
    }
  }
}
