package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import peerage.peers.IpAddress;
import peerage.peers.Link;

/// One exchange in a [World] with a driver that obeys it.
final class Node {
  final World world;
  final String name;
  final IpAddress ip;
  final ExchangeOptions options;
  final Exchange exchange;
  final TreeMap<Link, World.End> ends = new TreeMap<>();
  final TreeMap<Attempt, FakeRtc> upgrades = new TreeMap<>();
  final TreeSet<Attempt> dials = new TreeSet<>();

  /// The peers that are there, and what each wrote; `|` ends a write, `$` the stream.
  final TreeMap<PeerRef, PeerInfo> peers = new TreeMap<>();

  final TreeMap<PeerRef, StringBuilder> read = new TreeMap<>();
  final TreeMap<Integer, PeerRef> found = new TreeMap<>();
  final TreeMap<Integer, Exchange.SeekFailure> notFound = new TreeMap<>();
  final List<ExchangeNotice> notices = new ArrayList<>();
  final List<String> left = new ArrayList<>();
  final List<Endpoint> reached = new ArrayList<>();
  final List<Endpoint> dialled = new ArrayList<>();
  final TreeSet<Link> heldBack = new TreeSet<>();
  boolean dead;

  private int links;

  Node(World world, String name, IpAddress ip, ExchangeOptions options) {
    this.world = world;
    this.name = name;
    this.ip = ip;
    this.options = options;
    this.exchange = new Exchange(options, world.random.split(), world.random.split());
  }

  Link nextLink() {
    return new Link(++links);
  }

  Endpoint endpoint() {
    return World.endpoint("tcp://" + ip + ":8000");
  }

  Route routeTo(Node other) {
    return new Route(Transport.TCP, Optional.of(other.ip));
  }

  Instant deadline() {
    return exchange.nextDeadline().orElse(Instant.MAX);
  }

  void handle(Exchange.Input input) {
    if (!dead) {
      List<Exchange.Output> outputs = exchange.handle(input, world.now());
      outputs.forEach(this::obey);
    }
  }

  void received(Link link, byte[] bytes, JsEar ear) {
    if (!dead && ends.containsKey(link)) {
      ear.hear(bytes);
      handle(new Exchange.Input.Received(link, ByteBuffer.wrap(bytes)));
    }
  }

  void closed(Link link, String why) {
    if (!dead && ends.remove(link) != null) {
      handle(new Exchange.Input.Closed(link, why));
    }
  }

  /// The process ends; all others see its streams close.
  void die() {
    dead = true;
    ends.values().forEach(end -> end.out().close("reset"));
    upgrades.values().forEach(FakeRtc::abandon);
  }

  /// Its machine is cut off: nobody sees anything.
  void vanish() {
    dead = true;
  }

  void write(PeerRef peer, String text) {
    handle(new Exchange.Input.Written(peer, World.text(text)));
  }

  String heard(PeerRef peer) {
    return read.getOrDefault(peer, new StringBuilder()).toString();
  }

  /// The only peer.
  PeerRef peer() {
    assertThat(peers).hasSize(1);
    return peers.firstKey();
  }

  /// What is known of a peer.
  PeerInfo info(PeerRef peer) {
    return Objects.requireNonNull(peers.get(peer));
  }

  /// Which peer is that node.
  PeerRef ref(Node other) {
    return peer(other).orElseThrow();
  }

  /// Whom a request has found.
  PeerRef found(int request) {
    return Objects.requireNonNull(found.get(request));
  }

  /// Which of our peers is that node, by its token.
  Optional<PeerRef> peer(Node other) {
    return peers.entrySet().stream()
        .filter(one -> one.getValue().token().equals(Optional.of(other.exchange.token())))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  boolean has(Node other) {
    return peer(other).isPresent();
  }

  private void obey(Exchange.Output output) {
    world.trace.add(world.now() + " " + name + " " + shown(output));
    switch (output) {
      case Exchange.Output.Send send -> {
        World.End end = ends.get(send.link());
        if (end != null) {
          end.out().send(send.bytes());
        }
      }
      case Exchange.Output.Close close -> {
        World.End end = ends.remove(close.link());
        if (end != null) {
          end.out().close("it closed: " + close.why());
          world.later(
              world.latency(), () -> handle(new Exchange.Input.Closed(close.link(), "ours")));
        }
      }
      case Exchange.Output.HoldReading hold -> heldBack.add(hold.link());
      case Exchange.Output.ReadOn on -> heldBack.remove(on.link());
      case Exchange.Output.Dial dial -> dial(dial);
      case Exchange.Output.BeginUpgrade begin ->
          upgrades.put(begin.attempt(), new FakeRtc(this, begin.attempt(), begin.kind()));
      case Exchange.Output.PassSignal pass -> {
        FakeRtc rtc = upgrades.get(pass.attempt());
        assertThat(rtc).as("a signal is for an upgrade that has begun").isNotNull();
        if (rtc != null) {
          rtc.take(pass.signal());
        }
      }
      case Exchange.Output.GiveUp up -> {
        dials.remove(up.attempt());
        FakeRtc rtc = upgrades.remove(up.attempt());
        if (rtc != null) {
          rtc.abandon();
        }
      }
      case Exchange.Output.PeerJoined joined -> {
        assertThat(peers).doesNotContainKey(joined.peer());
        peers.put(joined.peer(), joined.info());
      }
      case Exchange.Output.StreamBytes bytes -> {
        assertThat(peers).containsKey(bytes.peer());
        StringBuilder heard = read.computeIfAbsent(bytes.peer(), _ -> new StringBuilder());
        heard.append(UTF_8.decode(bytes.bytes().duplicate()));
        heard.append(bytes.part() == Exchange.Part.LAST ? "|" : "");
      }
      case Exchange.Output.StreamEnded ended -> {
        assertThat(peers).containsKey(ended.peer());
        read.computeIfAbsent(ended.peer(), _ -> new StringBuilder()).append('$');
      }
      case Exchange.Output.PeerLeft gone -> {
        assertThat(peers.remove(gone.peer())).isNotNull();
        left.add(gone.why());
      }
      case Exchange.Output.Found one -> {
        assertThat(peers).containsKey(one.peer());
        found.put(one.request(), one.peer());
      }
      case Exchange.Output.NotFound none -> notFound.put(none.request(), none.why());
      case Exchange.Output.Reached one -> reached.add(one.endpoint());
      case Exchange.Output.Noticed one -> notices.add(one.notice());
    }
  }

  private void dial(Exchange.Output.Dial dial) {
    dials.add(dial.attempt());
    dialled.add(dial.endpoint());
    world.later(
        world.latency(),
        () -> {
          if (dead || !dials.remove(dial.attempt())) {
            return;
          }
          Optional<Node> there = world.listener(dial.endpoint());
          if (there.isPresent()) {
            world.wire(
                this,
                routeTo(there.get()),
                Optional.of(dial.attempt()),
                there.get(),
                there.get().routeTo(this),
                Optional.empty());
          } else {
            handle(new Exchange.Input.AttemptFailed(dial.attempt(), "nobody listens there"));
          }
        });
  }

  private static String shown(Exchange.Output output) {
    return switch (output) {
      case Exchange.Output.Send send -> {
        StringBuilder text = new StringBuilder("Send " + send.link() + " ");
        send.bytes().forEach(bytes -> text.append(UTF_8.decode(bytes.duplicate())));
        yield text.toString();
      }
      case Exchange.Output.StreamBytes bytes ->
          "StreamBytes " + bytes.peer() + " " + UTF_8.decode(bytes.bytes().duplicate());
      default -> output.toString(); // only shown
    };
  }
}
