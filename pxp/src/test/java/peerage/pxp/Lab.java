package peerage.pxp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import peerage.peers.IpAddress;
import peerage.peers.Link;

/// One exchange among [Raw] peers: nodes written out by hand, as JavaScript ones talk.
final class Lab {
  final Exchange exchange;
  final List<Exchange.Output> outputs = new ArrayList<>();
  private final TreeMap<Link, Raw> raws = new TreeMap<>();
  private Instant now = World.START;
  private int links;

  Lab() {
    this(options -> options);
  }

  Lab(UnaryOperator<ExchangeOptions> change) {
    ExchangeOptions options = ExchangeOptions.of(World.NETWORK);
    this.exchange =
        new Exchange(change.apply(options), new SplittableRandom(1), new SplittableRandom(2));
  }

  /// A stream to a raw node, over TCP.
  Raw open(Role ours) {
    return open(ours, new Route(Transport.TCP, IpAddress.parse("198.18.0.9")), Optional.empty());
  }

  Raw open(Role ours, Route route, Optional<Attempt> attempt) {
    Raw raw = new Raw(this, new Link(++links));
    raws.put(raw.link, raw);
    handle(new Exchange.Input.Opened(raw.link, ours, route, attempt));
    return raw;
  }

  /// A JavaScript node that has connected to us, and is a peer.
  Raw peer() {
    Raw raw = open(Role.ACCEPT);
    raw.greet();
    raw.line("[\"connect\",\"1\",\"somenet\"]");
    raw.heard();
    return raw;
  }

  void handle(Exchange.Input input) {
    for (Exchange.Output output : exchange.handle(input, now)) {
      outputs.add(output);
      switch (output) {
        case Exchange.Output.Send send -> {
          Raw raw = raws.get(send.link());
          if (raw != null) {
            send.bytes().forEach(raw::hear);
          }
        }
        case Exchange.Output.Close close -> {
          Raw raw = raws.get(close.link());
          if (raw != null) {
            raw.closed = close.why();
          }
        }
        default -> {} // looked up when a test asks for it
      }
    }
  }

  /// Lets time pass, with all that is due on the way.
  void pass(Duration duration) {
    Instant end = now.plus(duration);
    for (Optional<Instant> next = exchange.nextDeadline();
        next.isPresent() && !next.get().isAfter(end);
        next = exchange.nextDeadline()) {
      now = next.get().isAfter(now) ? next.get() : now;
      handle(new Exchange.Input.Ticked());
    }
    now = end;
  }

  void receive(Link link, byte[] bytes) {
    handle(new Exchange.Input.Received(link, ByteBuffer.wrap(bytes)));
  }

  /// All outputs of a kind since the start.
  <T extends Exchange.Output> List<T> all(Class<T> kind) {
    return outputs.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// All notices of a kind since the start.
  <T extends ExchangeNotice> List<T> notices(Class<T> kind) {
    return all(Exchange.Output.Noticed.class).stream()
        .map(Exchange.Output.Noticed::notice)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }
}
