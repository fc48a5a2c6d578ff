package peerage.pxp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;

/// One PXP connection over one byte stream, be it a transport's or a relay's: magic, multiplexer,
/// hello, control messages in their order, requests matched with their answers, time limits.
///
/// What happens is queued and taken one by one with [#next()], so that what an event leads to, a
/// stream that is registered say, is done before the next one is looked at.
final class Session {
  /// What happened.
  sealed interface Event {
    /// The other side said hello: it speaks our version, and of our network.
    record Greeted(PxpMessage.Hello hello) implements Event {}

    /// It sent a message that is no answer.
    record Asked(PxpMessage message) implements Event {}

    /// It answered.
    record Answered(Reply reply, JsonText args) implements Event {}

    /// It did not answer in time.
    record Unanswered(Reply reply) implements Event {}

    /// Bytes of a registered stream.
    record Data(String stream, ByteBuffer bytes, Exchange.Part part) implements Event {}

    /// The other side ended its half of a registered stream.
    record Ended(String stream) implements Event {}

    /// It broke a rule or a time limit; nothing follows.
    record Broken(String rule) implements Event {}
  }

  private static final String CONTROL = "pxp";
  private static final String MAGIC = "#PXP#";

  private record Waiting(Reply reply, Instant until) {}

  private final NetworkId network;
  private final Mux mux = new Mux();
  private final Lines lines = new Lines();
  private final Nonces nonces = new Nonces();
  private final MessageAllowance allowance;
  private final Deque<Event> events = new ArrayDeque<>();
  private final List<Mux.Event> muxed = new ArrayList<>();
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private List<ByteBuffer> out = new ArrayList<>();
  private final Instant greetBy;
  private @Nullable Instant silentUntil;
  private Instant now;
  private int magicSeen;
  private boolean greeted;
  private boolean broken;

  /// Begins with our magic and hello.
  ///
  /// @param awaited how long to keep silent until the other side's magic is there
  Session(NetworkId network, Optional<ConnectInfo> info, Duration awaited, Instant now) {
    this.network = network;
    this.now = now;
    this.greetBy = now.plus(PxpLimits.GREETING_TIME);
    this.silentUntil = awaited.isZero() ? null : now.plus(awaited);
    this.allowance = new MessageAllowance(now);
    out.add(ByteBuffer.wrap(MAGIC.getBytes(US_ASCII)));
    mux.register(CONTROL, muxed);
    send(PxpCodec.hello(nonces.next(), info, List.of(network.text())));
  }

  /// Takes bytes of the stream, in order.
  void receive(ByteBuffer bytes, Instant time) {
    now = time;
    if (broken || !passMagic(bytes)) {
      return;
    }
    mux.receive(bytes, muxed, now);
    out.addAll(mux.takeReplies());
    translate();
  }

  /// What happened next; null if nothing did.
  @Nullable Event next() {
    return events.poll();
  }

  /// Sends a request whose answer somebody waits for.
  ///
  /// @param request makes the message of a nonce
  void ask(Function<JsonText, byte[]> request, Duration within, Reply reply) {
    JsonText name = nonces.next();
    waiting.put(name.text(), new Waiting(reply, now.plus(within)));
    send(request.apply(name));
  }

  /// Sends a signal; nobody answers it.
  void signal(Signal signal) {
    send(PxpCodec.upgrade(nonces.next(), signal));
  }

  /// Sends an answer.
  void send(byte[] message) {
    mux.write(CONTROL, ByteBuffer.wrap(message), out);
  }

  /// Makes a stream's name known to both sides; what came for it already happens next.
  void register(String stream) {
    mux.register(stream, muxed);
    translate();
  }

  /// Drops what still comes for a stream.
  void forget(String stream) {
    mux.forget(stream);
    out.addAll(mux.takeReplies());
  }

  /// Writes one frame.
  void write(String stream, ByteBuffer bytes) {
    mux.write(stream, bytes, out);
  }

  /// Ends our half of a stream; twice is once.
  void end(String stream) {
    mux.end(stream, out);
  }

  /// What is to be sent now, in order.
  List<ByteBuffer> takeOutput() {
    if (silentUntil != null || out.isEmpty()) {
      return List.of();
    }
    List<ByteBuffer> taken = out;
    out = new ArrayList<>();
    return taken;
  }

  /// Everybody who still waits for an answer, which will not come.
  List<Reply> takeWaiting() {
    List<Reply> replies = waiting.values().stream().map(Waiting::reply).toList();
    waiting.clear();
    return replies;
  }

  /// Gives those who wait for an answer so much more time.
  void extend(Duration by) {
    waiting.replaceAll((_, one) -> new Waiting(one.reply, one.until.plus(by)));
  }

  /// When [#tick(Instant)] has something to do.
  Optional<Instant> nextDeadline() {
    Instant next = greeted ? Instant.MAX : greetBy;
    if (silentUntil != null && silentUntil.isBefore(next)) {
      next = silentUntil;
    }
    for (Waiting one : waiting.values()) {
      next = one.until.isBefore(next) ? one.until : next;
    }
    Instant inMux = mux.nextDeadline().orElse(Instant.MAX);
    next = inMux.isBefore(next) ? inMux : next;
    return broken || next.equals(Instant.MAX) ? Optional.empty() : Optional.of(next);
  }

  /// Heeds the time limits.
  void tick(Instant time) {
    now = time;
    if (silentUntil != null && !now.isBefore(silentUntil)) {
      silentUntil = null;
    }
    if (!greeted && !now.isBefore(greetBy)) {
      fail("no magic and hello within " + PxpLimits.GREETING_TIME.toSeconds() + " s");
    }
    mux.tick(now);
    List<String> late =
        waiting.entrySet().stream()
            .filter(one -> !now.isBefore(one.getValue().until))
            .map(Map.Entry::getKey)
            .toList();
    for (String name : late) {
      Waiting one = waiting.remove(name);
      if (one != null) {
        events.add(new Event.Unanswered(one.reply));
      }
    }
  }

  /// The first five bytes are the magic, however they are split up.
  private boolean passMagic(ByteBuffer bytes) {
    while (magicSeen < MAGIC.length() && bytes.hasRemaining()) {
      if (bytes.get() != MAGIC.charAt(magicSeen++)) {
        fail("it does not begin with #PXP#");
        return false;
      }
    }
    if (magicSeen == MAGIC.length()) {
      silentUntil = null;
    }
    return bytes.hasRemaining();
  }

  private void translate() {
    for (Mux.Event event : muxed) {
      if (broken) {
        break;
      }
      translate(event);
    }
    muxed.clear();
  }

  // Here and elsewhere on the way to a stream there is no switch over types: the first use of each
  // one costs a fresh JVM milliseconds.
  private void translate(Mux.Event event) {
    if (event instanceof Mux.Event.Data data) {
      if (data.name().equals(CONTROL)) {
        readLines(data.bytes());
      } else {
        events.add(new Event.Data(data.name(), data.bytes(), data.part()));
      }
    } else if (event instanceof Mux.Event.Ended ended) {
      if (ended.name().equals(CONTROL)) {
        fail("it ended its control stream");
      } else {
        events.add(new Event.Ended(ended.name()));
      }
    } else if (event instanceof Mux.Event.Broken rule) {
      fail(rule.rule());
    }
  }

  private void readLines(ByteBuffer bytes) {
    try {
      for (String line : lines.feed(bytes)) {
        if (broken) {
          return;
        }
        if (!allowance.take(now)) {
          fail("it sends too many messages");
          return;
        }
        read(PxpCodec.decode(line));
      }
    } catch (MalformedMessage e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private void read(PxpMessage message) {
    if (message instanceof PxpMessage.Hello hello) {
      greet(hello);
    } else if (message instanceof PxpMessage.Answer answer) {
      match(answer);
    } else if (greeted && !(message instanceof PxpMessage.Unknown)) {
      // As in JavaScript, what comes before the hello is not heard.
      events.add(new Event.Asked(message));
    }
  }

  /// Only the first hello counts.
  private void greet(PxpMessage.Hello hello) {
    if (greeted) {
      return;
    }
    if (hello.version() != PxpCodec.VERSION) {
      fail("it speaks version " + hello.version());
    } else if (!hello.networks().contains(network.text())) {
      fail("it is of another network");
    } else {
      greeted = true;
      events.add(new Event.Greeted(hello));
    }
  }

  /// An answer that nobody waits for is ignored: it may be late.
  private void match(PxpMessage.Answer answer) {
    Waiting one = greeted ? waiting.remove(answer.nonce().text()) : null;
    if (one != null) {
      events.add(new Event.Answered(one.reply, answer.args()));
    }
  }

  private void fail(String rule) {
    if (!broken) {
      broken = true;
      events.add(new Event.Broken(rule));
    }
  }
}
