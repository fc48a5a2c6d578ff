package peerage.pxp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import peerage.peers.IpAddress;
import peerage.peers.Link;

/// Exchanges wired together in memory: time and chance are the world's, streams deliver bytes late
/// and in random pieces, and WebRTC is a pair of attempts whose signals must arrive in order.
///
/// At each end of each stream listens a [JsEar], which fails where a JavaScript node would die or
/// lose something.
final class World {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final NetworkId NETWORK = new NetworkId("somenet");

  final SplittableRandom random;
  final List<Node> nodes = new ArrayList<>();
  final List<String> trace = new ArrayList<>();
  final TreeMap<Integer, FakeRtc> upgrades = new TreeMap<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long counter;
  private Instant now = START;

  /// Who changes what passes through it: these bytes for those, of the same length.
  private @Nullable Node tampering;

  private String tampersFrom = "";
  private String tampersTo = "";

  /// Whether channels open at all.
  boolean iceWorks = true;

  World(long seed) {
    this.random = new SplittableRandom(seed);
  }

  private record Event(Instant when, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = when.compareTo(other.when);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  Instant now() {
    return now;
  }

  /// Lets something happen later.
  void later(Duration delay, Runnable action) {
    events.add(new Event(now.plus(delay), counter++, action));
  }

  /// A relay changes text on its way through, wherever it stands in one send.
  void onRelay(Node relay, String from, String to) {
    tampering = relay;
    tampersFrom = from;
    tampersTo = to;
  }

  private ByteBuffer tampered(Node from, ByteBuffer whole) {
    if (from != tampering) {
      return whole;
    }
    String text = ISO_8859_1.decode(whole.duplicate()).toString();
    return text.contains("a=fingerprint")
        ? ByteBuffer.wrap(text.replace(tampersFrom, tampersTo).getBytes(ISO_8859_1))
        : whole;
  }

  /// A latency.
  Duration latency() {
    return Duration.ofMillis(1 + random.nextInt(20));
  }

  /// One endless stream of bytes in one direction, delivered in order.
  final class Pipe {
    private final Node from;
    private final Node to;
    private final Link at;
    private final JsEar ear;
    private Instant last = now;

    Pipe(Node from, Node to, Link at, JsEar ear) {
      this.from = from;
      this.to = to;
      this.at = at;
      this.ear = ear;
    }

    void send(List<ByteBuffer> pieces) {
      int size = pieces.stream().mapToInt(ByteBuffer::remaining).sum();
      ByteBuffer joined = ByteBuffer.allocate(size);
      pieces.forEach(piece -> joined.put(piece.duplicate()));
      ByteBuffer whole = tampered(from, joined.flip());
      while (whole.hasRemaining()) {
        int length = Math.min(whole.remaining(), 1 + random.nextInt(whole.remaining() + 64));
        if (random.nextInt(4) == 0) {
          length = Math.min(length, 1 + random.nextInt(8));
        }
        byte[] piece = new byte[length];
        whole.get(piece);
        arrive(() -> to.received(at, piece, ear));
      }
    }

    void close(String why) {
      arrive(() -> to.closed(at, why));
    }

    private void arrive(Runnable action) {
      Instant soon = now.plus(latency());
      last = soon.isBefore(last) ? last : soon;
      later(Duration.between(now, last), action);
    }
  }

  /// One end of one stream.
  record End(Pipe out, Node other, Link otherLink) {}

  /// Opens a stream between two nodes.
  void wire(
      Node opener,
      Route openerSees,
      Optional<Attempt> openerAttempt,
      Node accepter,
      Route accepterSees,
      Optional<Attempt> accepterAttempt) {
    Link one = opener.nextLink();
    Link two = accepter.nextLink();
    JsEar ears = new JsEar(opener.name + "-" + accepter.name);
    JsEar back = ears.other();
    opener.ends.put(one, new End(new Pipe(opener, accepter, two, ears), accepter, two));
    accepter.ends.put(two, new End(new Pipe(accepter, opener, one, back), opener, one));
    opener.handle(new Exchange.Input.Opened(one, Role.CONNECT, openerSees, openerAttempt));
    accepter.handle(new Exchange.Input.Opened(two, Role.ACCEPT, accepterSees, accepterAttempt));
  }

  /// The application of one node connects to another.
  void connect(Node from, Node to) {
    wire(from, from.routeTo(to), Optional.empty(), to, to.routeTo(from), Optional.empty());
  }

  /// A node with defaults, which can be dialled at its endpoint.
  Node node(String name) {
    return node(name, options -> options);
  }

  Node node(String name, UnaryOperator<ExchangeOptions> change) {
    int number = nodes.size() + 1;
    IpAddress ip = IpAddress.ofV4((80 << 24) | (number << 16) | 1);
    ExchangeOptions options = change.apply(ExchangeOptions.of(NETWORK));
    Node node = new Node(this, name, ip, options);
    nodes.add(node);
    return node;
  }

  static Endpoint endpoint(String text) {
    return new Endpoint(URI.create(text));
  }

  /// Who listens at an endpoint and lives.
  Optional<Node> listener(Endpoint endpoint) {
    return nodes.stream()
        .filter(node -> !node.dead && node.endpoint().equals(endpoint))
        .findFirst();
  }

  /// Runs for a while.
  void run(Duration duration) {
    Instant end = now.plus(duration);
    while (step(end)) {}
    now = end;
  }

  /// Runs until something is so, and fails if it is not within a minute.
  void until(String what, Predicate<World> condition) {
    until(Duration.ofMinutes(1), what, condition);
  }

  void until(Duration within, String what, Predicate<World> condition) {
    Instant end = now.plus(within);
    while (!condition.test(this)) {
      boolean went = step(end);
      assertThat(went || condition.test(this)).as("within %s: %s", within, what).isTrue();
    }
  }

  private boolean step(Instant end) {
    Instant next = events.isEmpty() ? Instant.MAX : events.peek().when;
    Node due = null;
    for (Node node : nodes) {
      Instant deadline = node.dead ? Instant.MAX : node.deadline();
      if (deadline.isBefore(next)) {
        next = deadline;
        due = node;
      }
    }
    if (next.isAfter(end)) {
      return false;
    }
    now = next.isAfter(now) ? next : now;
    if (due != null) {
      due.handle(new Exchange.Input.Ticked());
    } else {
      events.remove().action.run();
    }
    return true;
  }

  /// A write of text.
  static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
