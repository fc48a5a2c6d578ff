package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.peers.PexDialect;
import peerage.pex.PexMessage;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;
import peerage.swarm.Swarm.Output;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;

/// One [Swarm] on a bench: says in short what happens to it, and keeps what it wants.
final class Rig {
  static final PeerId US = id(0x40);
  static final int OUR_PORT = 6881;
  static final Origin TRACKER = new Origin.Tracker("http://tracker/announce");
  static final InfoHash TORRENT = InfoHash.of(new byte[20]);

  final Swarm swarm;
  Instant now = Instant.EPOCH;
  List<Output> outputs = List.of();
  private int links;

  Rig() {
    this(Privacy.PUBLIC, SwarmOptions.DEFAULT);
  }

  Rig(SwarmOptions options) {
    this(Privacy.PUBLIC, options);
  }

  Rig(Privacy privacy, SwarmOptions options) {
    swarm = new Swarm(US, OUR_PORT, privacy, options, new SplittableRandom(1));
  }

  static PeerAddress at(String text) {
    return PeerAddress.parse(text).orElseThrow();
  }

  /// One of many endpoints in networks of their own.
  static PeerAddress number(int i) {
    return at((11 + i / 200) + "." + (1 + i % 200) + ".0.1:6881");
  }

  static List<PeerAddress> numbers(int from, int count) {
    var all = new ArrayList<PeerAddress>();
    for (int i = from; i < from + count; i++) {
      all.add(number(i));
    }
    return all;
  }

  /// A peer id that sorts by its number.
  static PeerId id(int number) {
    byte[] bytes = new byte[20];
    bytes[0] = (byte) number;
    bytes[1] = (byte) (number >> 8);
    return PeerId.of(bytes);
  }

  static Origin teller(String address) {
    return new Origin.Pex(at(address), PexDialect.UT_PEX);
  }

  static ExtensionHandshake extensions(Map<String, Integer> m, int listenPort) {
    return new ExtensionHandshake(
        new TreeMap<>(m),
        listenPort == 0 ? OptionalInt.empty() : OptionalInt.of(listenPort),
        Optional.of("Rig 1"),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  static PexMessage added(PeerAddress... contacts) {
    SequencedMap<PeerAddress, PeerFlags> added = new LinkedHashMap<>();
    for (PeerAddress contact : contacts) {
      added.put(contact, PeerFlags.NONE);
    }
    return new PexMessage(added, new LinkedHashSet<>());
  }

  List<Output> handle(Input input) {
    outputs = swarm.handle(input, now);
    return outputs;
  }

  List<Output> tick() {
    return handle(new Input.Tick());
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  List<PeerAddress> heard(Origin origin, PeerAddress... addresses) {
    return heard(origin, List.of(addresses));
  }

  List<PeerAddress> heard(Origin origin, List<PeerAddress> addresses) {
    handle(new Input.Heard(addresses, origin, Optional.empty()));
    return dials();
  }

  List<PeerAddress> heardFrom(String source, Origin origin, PeerAddress... addresses) {
    handle(new Input.Heard(List.of(addresses), origin, IpAddress.parse(source)));
    return dials();
  }

  Link connected(Direction direction, PeerAddress remote, PeerId id) {
    var link = new Link(++links);
    handle(new Input.Connected(link, direction, remote, Handshake.ours(TORRENT, id)));
    return link;
  }

  /// We dialled it.
  Link outgoing(PeerAddress remote, PeerId id) {
    return connected(Direction.OUTGOING, remote, id);
  }

  /// It dialled us and says where it listens, and listens there; 0 for nothing said.
  Link incoming(String remote, PeerId id, int listenPort) {
    Link link = connected(Direction.INCOMING, at(remote), id);
    List<Output> before = outputs;
    greeted(link, Map.of(UtPex.NAME, 1), listenPort);
    var all = new ArrayList<>(before);
    all.addAll(outputs);
    for (PeerAddress endpoint : probes()) {
      all.addAll(handle(new Input.Probed(endpoint, Probe.OPEN)));
    }
    outputs = all;
    return link;
  }

  List<Output> greeted(Link link, Map<String, Integer> m, int listenPort) {
    return handle(new Input.ExtensionHandshaken(link, extensions(m, listenPort)));
  }

  List<Output> tells(Link link, PeerAddress... contacts) {
    return handle(new Input.PexArrived(link, UtPex.encode(added(contacts))));
  }

  void gone(Link link) {
    handle(new Input.Disconnected(link, "gone"));
  }

  void failed(PeerAddress address) {
    handle(new Input.DialFailed(address, DialFailure.REFUSED));
  }

  List<PeerAddress> dials() {
    return outputs.stream()
        .filter(Output.Dial.class::isInstance)
        .map(output -> ((Output.Dial) output).address())
        .toList();
  }

  List<PeerAddress> probes() {
    return outputs.stream()
        .filter(Output.Probe.class::isInstance)
        .map(output -> ((Output.Probe) output).endpoint())
        .toList();
  }

  List<String> closed() {
    return outputs.stream()
        .filter(Output.Close.class::isInstance)
        .map(output -> ((Output.Close) output).link() + " " + ((Output.Close) output).reason())
        .toList();
  }

  List<PexMessage> told(Link link) {
    return outputs.stream()
        .filter(output -> output instanceof Output.SendPex send && send.link().equals(link))
        .map(output -> ((Output.SendPex) output).message())
        .toList();
  }

  List<SwarmEvent> events() {
    return outputs.stream()
        .filter(Output.Happened.class::isInstance)
        .map(output -> ((Output.Happened) output).event())
        .toList();
  }

  <E extends SwarmEvent> List<E> events(Class<E> kind) {
    return events().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  List<String> refusals() {
    return events(SwarmEvent.Refused.class).stream()
        .map(refused -> refused.candidate() + " " + refused.reason())
        .toList();
  }

  Candidate candidate(PeerAddress address) {
    return swarm.book().get(address).orElseThrow();
  }

  /// Everything that is dialled from now to then, when a driver wakes at the deadlines, and every
  /// dial fails.
  List<PeerAddress> dialledWithin(Duration time) {
    Instant end = now.plus(time);
    var dialled = new ArrayList<PeerAddress>();
    var waiting = new ArrayList<>(dials());
    for (int wakeUps = 0; ; wakeUps++) {
      for (PeerAddress address : List.copyOf(waiting)) {
        failed(address);
        waiting.remove(address);
        waiting.addAll(dials());
        dialled.addAll(dials());
      }
      Optional<Instant> next = swarm.nextDeadline();
      if (next.isEmpty() || next.get().isAfter(end)) {
        now = end;
        return dialled;
      }
      if (wakeUps > 100_000) {
        throw new AssertionError("wakes up without end, now for " + next.get());
      }
      now = next.get();
      tick();
      waiting.addAll(dials());
      dialled.addAll(dials());
    }
  }
}
