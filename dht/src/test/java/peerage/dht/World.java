package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import peerage.dht.Dht.Input;
import peerage.dht.Dht.Output;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Some machines, a clock, and a network of 30 ms that loses what a test wants it to lose.
final class World {
  static final Duration LATENCY = Duration.ofMillis(30);

  /// One machine with its sockets, and all that it has said beside its datagrams.
  static final class Member {
    final Dht dht;
    final List<PeerAddress> sockets;
    final List<Output> said = new ArrayList<>();
    final List<String> trace = new ArrayList<>();

    private Member(Dht dht, List<PeerAddress> sockets) {
      this.dht = dht;
      this.sockets = sockets;
    }

    PeerAddress address() {
      return sockets.getFirst();
    }

    NodeId id() {
      return dht.status().sockets().getFirst().id();
    }

    NodeInfo info() {
      return new NodeInfo(id(), address());
    }

    <T extends Output> List<T> said(Class<T> kind) {
      return said.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    LookupReport report(int task) {
      return said(Output.Done.class).stream()
          .filter(done -> done.task() == task)
          .findFirst()
          .map(Output.Done::report)
          .orElseThrow(() -> new AssertionError("task " + task + " is not done"));
    }
  }

  /// A datagram under way.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Datagram(PeerAddress from, PeerAddress to, byte[] bytes) {}

  private record Event(Instant at, long order, Runnable action) {}

  private final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::order));
  private final Map<PeerAddress, Member> members = new LinkedHashMap<>();
  private final Map<PeerAddress, BiFunction<PeerAddress, Krpc, List<Krpc>>> puppets =
      new LinkedHashMap<>();
  final List<Datagram> sent = new ArrayList<>();
  Predicate<Datagram> lost = _ -> false;
  Instant now = Instant.EPOCH;
  private long order;

  World(long seed) {
    this.random = new Random(seed);
  }

  /// An address of the internet, another one for each number; no two in one block.
  static PeerAddress address(int number) {
    return new PeerAddress(IpAddress.ofV4(0x50000001 + (number << 8)), 6881);
  }

  static PeerAddress local(int number) {
    return new PeerAddress(IpAddress.ofV4(0x7F000001), 10_000 + number);
  }

  Member join(PeerAddress... sockets) {
    return join(DhtOptions.DEFAULT, sockets);
  }

  Member join(DhtOptions options, PeerAddress... sockets) {
    var dht = new Dht(options, new Random(random.nextLong()), new Random(random.nextLong()));
    var member = new Member(dht, List.of(sockets));
    for (int i = 0; i < sockets.length; i++) {
      members.put(sockets[i], member);
      Optional<NodeId> id = Optional.of(NodeId.forIp(sockets[i].ip(), random));
      tell(member, new Input.Opened(i, sockets[i].family(), id));
    }
    return member;
  }

  /// One that calls itself as the test says.
  Member joinAs(NodeId id, PeerAddress socket) {
    var dht =
        new Dht(DhtOptions.DEFAULT, new Random(random.nextLong()), new Random(random.nextLong()));
    var member = new Member(dht, List.of(socket));
    members.put(socket, member);
    tell(member, new Input.Opened(0, socket.family(), Optional.of(id)));
    return member;
  }

  /// A thing at an address that answers as the test says.
  void puppet(PeerAddress at, BiFunction<PeerAddress, Krpc, List<Krpc>> behaviour) {
    puppets.put(at, behaviour);
  }

  void leave(Member member) {
    members.values().removeIf(member::equals);
  }

  void tell(Member member, Input input) {
    run(member, input);
    schedule(member);
  }

  void send(PeerAddress from, PeerAddress to, Krpc message) {
    send(from, to, KrpcWriter.write(message));
  }

  void send(PeerAddress from, PeerAddress to, byte[] bytes) {
    var datagram = new Datagram(from, to, bytes);
    sent.add(datagram);
    if (!lost.test(datagram)) {
      at(now.plus(LATENCY), () -> arrive(datagram));
    }
  }

  private void arrive(Datagram datagram) {
    Member member = members.get(datagram.to());
    if (member != null) {
      int socket = member.sockets.indexOf(datagram.to());
      tell(member, new Input.Received(socket, datagram.from(), datagram.bytes()));
    } else if (puppets.containsKey(datagram.to())
        && KrpcReader.read(datagram.bytes())
            instanceof KrpcReader.Outcome.Understood(Krpc message)) {
      puppets
          .get(datagram.to())
          .apply(datagram.from(), message)
          .forEach(answer -> send(datagram.to(), datagram.from(), answer));
    }
  }

  private void run(Member member, Input input) {
    for (Output output : member.dht.handle(input, now)) {
      if (output instanceof Output.Send(int socket, PeerAddress to, byte[] datagram)) {
        send(member.sockets.get(socket), to, datagram);
      } else {
        member.said.add(output);
      }
      member.trace.add(now + " " + output);
    }
  }

  private void schedule(Member member) {
    member.dht.nextDeadline().ifPresent(at -> at(at.isBefore(now) ? now : at, () -> wake(member)));
  }

  private void wake(Member member) {
    boolean isHere = members.containsValue(member);
    if (isHere && member.dht.nextDeadline().filter(at -> !at.isAfter(now)).isPresent()) {
      tell(member, new Input.Tick());
    }
  }

  private void at(Instant at, Runnable action) {
    events.add(new Event(at, order++, action));
  }

  void run(Duration time) {
    Instant until = now.plus(time);
    while (!events.isEmpty() && !events.peek().at().isAfter(until)) {
      Event event = events.poll();
      now = event.at();
      event.action().run();
    }
    now = until;
  }

  /// A network of so many nodes that have found one another through the first of them.
  static World of(int count, long seed) {
    var world = new World(seed);
    Member first = world.join(address(0));
    for (int i = 1; i < count; i++) {
      Member member = world.join(address(i));
      world.tell(member, new Input.Suggested(List.of(first.address())));
      world.run(Duration.ofMillis(500));
    }
    world.run(Duration.ofMinutes(2));
    return world;
  }

  Member member(int index) {
    return members().get(index);
  }

  List<Member> members() {
    return members.values().stream().distinct().toList();
  }

  Random random() {
    return random;
  }

  NodeId randomId() {
    byte[] bytes = new byte[NodeId.SIZE];
    random.nextBytes(bytes);
    return NodeId.of(bytes);
  }

  /// The truth: who is nearest.
  List<NodeId> nearest(NodeId target, int count) {
    return members().stream().map(Member::id).sorted(target::compareDistance).limit(count).toList();
  }
}
