package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;
import peerage.swarm.Swarm.Output;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;

/// Many [Swarm]s of one torrent on a network in memory, in virtual time: each message takes some
/// tens of milliseconds, and goes as the bytes that it is.
final class SimulatedSwarm {
  private static final int PORT = 6881;

  final List<Node> nodes = new ArrayList<>();
  final List<String> trace = new ArrayList<>();
  Instant now = Instant.EPOCH;

  private final SplittableRandom random;
  private int joined;
  private final TreeMap<Instant, ArrayDeque<Runnable>> agenda = new TreeMap<>();
  private final Map<PeerAddress, Node> listening = new LinkedHashMap<>();

  SimulatedSwarm(long seed) {
    random = new SplittableRandom(seed);
  }

  Node join() {
    var node = new Node(++joined);
    nodes.add(node);
    listening.put(node.address, node);
    return node;
  }

  void run(Duration time) {
    Instant end = now.plus(time);
    while (!agenda.isEmpty() && !agenda.firstKey().isAfter(end)) {
      var due = agenda.firstEntry();
      now = due.getKey();
      due.getValue().removeFirst().run();
      if (due.getValue().isEmpty()) {
        agenda.remove(due.getKey());
      }
    }
    now = end;
  }

  /// A whole number of pairs that are connected, each once.
  long connectedPairs() {
    return nodes.stream().mapToLong(node -> node.swarm.peers().size()).sum() / 2;
  }

  private void at(Instant time, Runnable what) {
    agenda.computeIfAbsent(time, _ -> new ArrayDeque<>()).add(what);
  }

  private Instant latency() {
    return now.plusMillis(10 + random.nextInt(40));
  }

  /// One end of a connection; what it sends arrives in order.
  private static final class End {
    final Node node;
    final Link link;
    @Nullable End other;
    Instant arrived = Instant.EPOCH;
    boolean open = true;

    End(Node node, Link link) {
      this.node = node;
      this.link = link;
    }
  }

  final class Node {
    final PeerAddress address;
    final Swarm swarm;
    final List<PeerAddress> dialled = new ArrayList<>();
    final LinkedHashMap<Link, Instant> lastPex = new LinkedHashMap<>();
    private final PeerId id;
    private final LinkedHashMap<Link, End> ends = new LinkedHashMap<>();
    private int links;
    private Instant wakesAt = Instant.MAX;

    Node(int number) {
      address = Rig.at((20 + number) + ".1.0.1:" + PORT);
      byte[] bytes = new byte[20];
      random.nextBytes(bytes);
      id = PeerId.of(bytes);
      swarm = new Swarm(id, PORT, Privacy.PUBLIC, SwarmOptions.DEFAULT, random.split());
    }

    void hears(Origin origin, PeerAddress... addresses) {
      feed(new Input.Heard(List.of(addresses), origin, Optional.empty()));
    }

    /// It is gone: its connections end, and nobody listens any more.
    void dies() {
      listening.remove(address);
      nodes.remove(this);
      List.copyOf(ends.values()).forEach(this::close);
    }

    private void feed(Input input) {
      obey(input);
      obey(new Input.Tick());
      Instant next = swarm.nextDeadline().orElse(Instant.MAX);
      if (next.isBefore(wakesAt)) {
        wakesAt = next;
        at(next, () -> wake(next));
      }
    }

    private void wake(Instant when) {
      if (when.equals(wakesAt) && nodes.contains(this)) {
        wakesAt = Instant.MAX;
        feed(new Input.Tick());
      }
    }

    private void obey(Input input) {
      for (Output output : swarm.handle(input, now)) {
        trace.add(Duration.between(Instant.EPOCH, now).toMillis() + " " + address + " " + output);
        switch (output) {
          case Output.Dial(PeerAddress target) -> dial(target);
          case Output.Close(Link link, _) ->
              Optional.ofNullable(ends.get(link)).ifPresent(this::close);
          case Output.SendPex(Link link, int extension, var message) ->
              sendPex(link, extension, UtPex.encode(message));
          case Output.Probe(PeerAddress target) -> probe(target);
          case Output.SendHandshake(Link link) ->
              Optional.ofNullable(ends.get(link)).ifPresent(this::greet);
          case Output.Happened(_) -> {}
        }
      }
    }

    private void dial(PeerAddress target) {
      dialled.add(target);
      Instant there = latency();
      at(
          there,
          () -> {
            Node other = listening.get(target);
            Instant back = latency();
            if (other == null) {
              at(back, () -> feed(new Input.DialFailed(target, DialFailure.REFUSED)));
            } else {
              connect(target, other, back);
            }
          });
    }

    private void probe(PeerAddress target) {
      Probe result = listening.containsKey(target) ? Probe.OPEN : Probe.CLOSED;
      at(latency(), () -> feed(new Input.Probed(target, result)));
    }

    private void connect(PeerAddress target, Node other, Instant back) {
      var far = new End(other, new Link(++other.links));
      var near = new End(this, new Link(++links));
      far.other = near;
      near.other = far;
      var source = new PeerAddress(address.ip(), 50_000 + near.link.number());
      near.arrived = back;
      at(back, () -> open(near, Direction.OUTGOING, target, other.id));
      other.open(far, Direction.INCOMING, source, id);
    }

    private void open(End end, Direction direction, PeerAddress remote, PeerId theirs) {
      if (!end.open) { // closed by the other end already: our handshake never came back
        feed(new Input.DialFailed(remote, DialFailure.NO_HANDSHAKE));
        return;
      }
      ends.put(end.link, end);
      feed(new Input.Connected(end.link, direction, remote, Handshake.ours(Rig.TORRENT, theirs)));
      greet(end);
    }

    private void greet(End end) {
      PeerAddress theirs = Objects.requireNonNull(end.other).node.address;
      byte[] hello =
          ExtensionHandshake.ours(
                  swarm.extensions(end.link), OptionalInt.of(PORT), 250, theirs, Optional.empty())
              .encode();
      deliver(end, far -> new Input.ExtensionHandshaken(far.link, decoded(hello)));
    }

    private static ExtensionHandshake decoded(byte[] hello) {
      try {
        return ExtensionHandshake.decode(hello);
      } catch (MalformedMessage e) {
        throw new AssertionError(e);
      }
    }

    private void sendPex(Link link, int extension, byte[] payload) {
      if (extension != Swarm.PEX_ID) {
        throw new AssertionError("sent under " + extension);
      }
      Instant last = lastPex.put(link, now);
      if (last != null && Duration.between(last, now).toSeconds() < 60) {
        throw new AssertionError("two messages within " + Duration.between(last, now));
      }
      End end = Objects.requireNonNull(ends.get(link));
      deliver(end, far -> new Input.PexArrived(far.link, payload));
      at(now.plusMillis(1), () -> feed(new Input.PexFlushed(link, now)));
    }

    private void deliver(End from, Function<End, Input> message) {
      End to = Objects.requireNonNull(from.other);
      Instant when = latency();
      to.arrived = when.isAfter(to.arrived) ? when : to.arrived.plusNanos(1);
      at(
          to.arrived,
          () -> {
            if (to.open) {
              to.node.feed(message.apply(to));
            }
          });
    }

    private void close(End end) {
      if (end.open) {
        end.open = false;
        End far = Objects.requireNonNull(end.other);
        Instant when = latency();
        far.arrived = when.isAfter(far.arrived) ? when : far.arrived.plusNanos(1);
        at(far.arrived, () -> far.node.lost(far));
        lost(end);
      }
    }

    private void lost(End end) {
      end.open = false;
      if (ends.remove(end.link) != null && nodes.contains(this)) {
        at(now, () -> feed(new Input.Disconnected(end.link, "closed")));
      }
    }
  }
}
