package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.pex.PexMessage;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;
import peerage.swarm.Swarm.Output;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;
import peerage.wire.Handshake;

/// Random worlds around one swarm, polite and hostile: its bounds hold, nothing throws, and a
/// driver that waits for its deadlines never spins.
final class SwarmPropertyTest {
  @Seeds(60)
  void whateverHappensTheBoundsHoldAndTheDriverMaySleep(long seed) {
    new World(seed).run();
  }

  @Seeds(10)
  void theSameSeedGivesTheSameCourse(long seed) {
    var one = new World(seed);
    var other = new World(seed);
    one.run();
    other.run();

    assertThat(one.trace).isEqualTo(other.trace).hasSizeGreaterThan(50);
  }

  private static final class World {
    private static final int EVERYBODY = 60;

    private final SplittableRandom random;
    private final SwarmOptions options;
    private final Swarm swarm;
    private final List<PeerAddress> dialled = new ArrayList<>();
    private final SequencedMap<Link, Direction> open = new LinkedHashMap<>();
    private final LinkedHashSet<Link> inFlight = new LinkedHashSet<>();
    private final List<String> trace = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final List<PeerAddress> probed = new ArrayList<>();
    private int links;

    World(long seed) {
      random = new SplittableRandom(seed);
      options =
          new SwarmOptions(
              1 + random.nextInt(20), 1 + random.nextInt(8), 1 + random.nextInt(40), 40);
      Privacy privacy = random.nextInt(5) == 0 ? Privacy.PRIVATE : Privacy.UNKNOWN;
      swarm = new Swarm(Rig.US, Rig.OUR_PORT, privacy, options, random.split());
    }

    void run() {
      for (int step = 0; step < 400; step++) {
        for (int i = random.nextInt(3); i >= 0; i--) {
          happen();
        }
        feed(new Input.Tick());
        feed(new Input.Tick()); // the first may have closed somebody, which is news for the others
        assertThat(swarm.nextDeadline().orElse(Instant.MAX)).isAfter(now);
        now = random.nextInt(3) == 0 ? swarm.nextDeadline().orElse(now) : now.plusMillis(pause());
      }
      sleep();
    }

    private long pause() {
      return random.nextInt(10) == 0 ? random.nextInt(600_000) : random.nextInt(1_000);
    }

    private void happen() {
      switch (random.nextInt(13)) {
        case 0 -> feed(new Input.Heard(List.of(anybody(), anybody()), origin(), Optional.empty()));
        case 1, 2 -> answer();
        case 3 -> connect(Direction.INCOMING, new PeerAddress(anybody().ip(), port()));
        case 4 -> link().ifPresent(this::greet);
        case 5 -> link().ifPresent(this::tell);
        case 6 -> List.copyOf(inFlight).forEach(this::flush);
        case 7 -> link().ifPresent(this::close);
        case 8 -> link().ifPresent(link -> feed(new Input.SeedSeen(link)));
        case 9 -> answerProbe();
        case 10 -> link().ifPresent(link -> feed(new Input.Supplied(link)));
        case 11 -> change();
        default -> {
          if (random.nextInt(10) == 0) {
            link().ifPresent(link -> feed(new Input.Banned(link, "harm")));
          }
        }
      }
    }

    private void answerProbe() {
      if (!probed.isEmpty()) {
        Probe result = random.nextBoolean() ? Probe.OPEN : Probe.CLOSED;
        feed(new Input.Probed(probed.removeFirst(), result));
      }
    }

    /// What happens once in a torrent's life, or when its user changes his mind.
    private void change() {
      switch (random.nextInt(40)) {
        case 0 -> feed(new Input.Completed());
        case 1 -> feed(new Input.PrivacyKnown(Privacy.PRIVATE));
        case 2 -> feed(new Input.TrackerChanged("http://tracker/announce"));
        case 3 -> feed(new Input.Filtered(this::isLucky, this::isLucky));
        default -> {}
      }
    }

    private boolean isLucky(IpAddress ip) {
      return (ip.bytes()[1] & 7) != 3;
    }

    private PeerAddress anybody() {
      return Rig.number(random.nextInt(EVERYBODY));
    }

    private int port() {
      return random.nextInt(1, 0x10000);
    }

    private Origin origin() {
      return switch (random.nextInt(3)) {
        case 0 -> new Origin.Given();
        case 1 -> Rig.TRACKER;
        default -> Rig.teller(anybody().toString());
      };
    }

    private Optional<Link> link() {
      return open.isEmpty()
          ? Optional.empty()
          : Optional.of(List.copyOf(open.keySet()).get(random.nextInt(open.size())));
    }

    private void answer() {
      if (!dialled.isEmpty()) {
        PeerAddress address = dialled.remove(random.nextInt(dialled.size()));
        if (random.nextBoolean()) {
          feed(new Input.DialFailed(address, DialFailure.TIMED_OUT));
        } else {
          connect(Direction.OUTGOING, address);
        }
      }
    }

    private void connect(Direction direction, PeerAddress remote) {
      var link = new Link(++links);
      open.put(link, direction);
      int id = 0x30 + random.nextInt(EVERYBODY); // now and then our own, or one that is here
      long reserved = random.nextInt(5) == 0 ? 0 : Handshake.EXTENSIONS;
      feed(
          new Input.Connected(
              link, direction, remote, new Handshake(reserved, Rig.TORRENT, Rig.id(id))));
    }

    private void greet(Link link) {
      var m = new TreeMap<String, Integer>();
      if (random.nextInt(4) > 0) {
        m.put(UtPex.NAME, random.nextInt(3));
      }
      int port = random.nextBoolean() ? 6881 : random.nextInt(3) * port() % 0x10000;
      feed(new Input.ExtensionHandshaken(link, Rig.extensions(m, port)));
    }

    private void tell(Link link) {
      var added = new LinkedHashMap<PeerAddress, PeerFlags>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        added.put(anybody(), new PeerFlags(random.nextInt(32)));
      }
      byte[] payload = UtPex.encode(new PexMessage(added, new LinkedHashSet<>()));
      boolean hostile = random.nextInt(6) == 0;
      feed(
          new Input.PexArrived(
              link,
              hostile
                  ? Hostile.mutations(random, List.of(payload), 1).findFirst().orElseThrow()
                  : payload));
    }

    private void flush(Link link) {
      inFlight.remove(link);
      feed(new Input.PexFlushed(link, now));
    }

    private void close(Link link) {
      open.remove(link);
      inFlight.remove(link);
      feed(new Input.Disconnected(link, "gone"));
    }

    private void feed(Input input) {
      List<Output> outputs = swarm.handle(input, now);
      for (Output output : outputs) {
        trace.add(output.toString());
        switch (output) {
          case Output.Dial(PeerAddress address) -> {
            assertThat(dialled).as("dialled already").doesNotContain(address);
            dialled.add(address);
          }
          case Output.Close(Link link, _) -> {
            open.remove(link);
            inFlight.remove(link);
            trace.addAll(
                swarm.handle(new Input.Disconnected(link, "closed"), now).stream()
                    .peek(this::alsoDialled)
                    .map(Output::toString)
                    .toList());
          }
          case Output.SendPex(Link link, int id, PexMessage message) -> {
            assertThat(open).containsKey(link);
            assertThat(id).isPositive();
            assertThat(message.isEmpty()).isFalse();
            assertThat(inFlight.add(link)).isTrue();
          }
          case Output.Probe(PeerAddress endpoint) -> probed.add(endpoint);
          case Output.SendHandshake(Link link) -> assertThat(open).containsKey(link);
          case Output.Happened(_) -> {}
        }
      }
      check();
    }

    private void alsoDialled(Output output) {
      if (output instanceof Output.Dial(PeerAddress address)) {
        dialled.add(address);
      } else if (output instanceof Output.Probe(PeerAddress endpoint)) {
        probed.add(endpoint);
      }
    }

    private void check() {
      assertThat(swarm.dialling()).isEqualTo(dialled.size()).isBetween(0, options.maxHalfOpen());
      assertThat(swarm.peers().size()).isLessThanOrEqualTo(options.maxPeers());
      assertThat(swarm.peers()).allMatch(peer -> open.containsKey(peer.link()));
      assertThat(swarm.book().size()).isLessThanOrEqualTo(options.maxCandidates());
      var listening = swarm.peers().stream().map(PeerView::address).toList();
      long named =
          listening.stream()
              .distinct()
              .filter(address -> swarm.contacts().contains(address))
              .count();
      assertThat(swarm.contacts().size()).as("contacts are our peers").isEqualTo((int) named);
      for (Candidate candidate : swarm.book().all()) {
        if (candidate.isConnected()) {
          assertThat(listening).contains(candidate.address());
        }
      }
    }

    /// An hour in which nothing happens but what the swarm asks for, and every dial fails.
    private void sleep() {
      Instant end = now.plusSeconds(3_600);
      int wakeUps = 0;
      while (now.isBefore(end)) {
        while (!dialled.isEmpty()) {
          feed(new Input.DialFailed(dialled.removeLast(), DialFailure.REFUSED));
        }
        List.copyOf(inFlight).forEach(this::flush);
        feed(new Input.Tick());
        feed(new Input.Tick());
        Instant next = swarm.nextDeadline().orElse(end);
        assertThat(next).isAfter(now);
        now = next;
        wakeUps++;
      }
      assertThat(wakeUps).isLessThan(3_000);
    }
  }
}
