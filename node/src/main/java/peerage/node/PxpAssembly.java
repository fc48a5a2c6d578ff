package peerage.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpUpgrade;
import peerage.node.spi.PxpWire;
import peerage.pxp.Exchange;
import peerage.pxp.Exchange.Input;
import peerage.pxp.ExchangeOptions;
import peerage.pxp.ExchangeOptions.Ability;
import peerage.pxp.Identity;
import peerage.pxp.NetworkId;

/// Puts the parts of one network together, and takes them apart.
final class PxpAssembly {
  private static final System.Logger LOG = System.getLogger("peerage.node");

  /// Bytes that may wait for their readers in all streams together (guess: what a small machine can
  /// spare).
  private static final long BUFFERED_MAX = 256L << 20;

  /// Bounds that tests change.
  ///
  /// @param times how long others are waited for
  /// @param door how many may come in
  /// @param bufferedMax bytes that may wait for their readers in all streams together
  /// @param clock the time that the machine is given
  record Bounds(PxpTimes times, PxpDoor.Limits door, long bufferedMax, InstantSource clock) {
    Bounds(PxpTimes times, PxpDoor.Limits door, long bufferedMax) {
      this(times, door, bufferedMax, new MonotonicClock());
    }

    static Bounds standard() {
      return new Bounds(PxpTimes.DEFAULT, PxpDoor.Limits.DEFAULT, BUFFERED_MAX);
    }
  }

  private final NetworkId id;
  private final String token;
  private final PxpTimes times;
  private final PxpCounters counters = new PxpCounters();
  private final PxpThreads links = new PxpThreads();
  private final PxpThreads others = new PxpThreads();
  private final PxpEvents events = new PxpEvents(others);
  private final Alarm alarm = new Alarm();
  private final PxpListening listening;
  private final PxpLoop loop;
  private final @Nullable PxpMemory memory;

  /// @throws PxpException if one of the addresses cannot be listened on
  PxpAssembly(PxpBuilder builder, Bounds bounds) throws PxpException {
    this.id = builder.network;
    this.times = bounds.times;
    InstantSource clock = bounds.clock;
    var tcp = new TcpWire(others);
    var handshakes = new PxpDoor(bounds.door, clock);
    var wires = new PxpWires(List.of(tcp, new TlsWire(tcp, others, alarm, handshakes)));
    builder.listeners.forEach(events::subscribe);
    this.memory =
        builder.memory == null ? null : new PxpMemory(builder.memory, InstantSource.system());
    this.listening = new PxpListening(new PxpDoor(bounds.door, clock), counters);
    Optional<SSLContext> tls = Optional.ofNullable(builder.tls);
    listen(builder.listen, wires, new PxpWire.Options(times.connect(), tls));
    Optional<PxpUpgrade.Engine> engine = engine(builder);
    var settings =
        new PxpLoop.Settings(
            clock,
            builder.readerPause,
            bounds.bufferedMax,
            counters,
            builder.handler,
            others,
            new PxpLink.Shared(links, counters, times, alarm),
            events);
    var exchange = new Exchange(options(builder, engine), Services.newRandom(), new SecureRandom());
    this.token = exchange.token();
    this.loop =
        new PxpLoop(
            exchange,
            settings,
            new PxpLoop.Tools(wires, times.connect(), tls, engine, Optional.ofNullable(memory)));
    loop.start(firstInputs(builder));
    listening.passTo(loop);
  }

  private void listen(List<URI> places, PxpWires wires, PxpWire.Options options)
      throws PxpException {
    try {
      for (URI where : places) {
        listening.add(where, wires.of(where), options);
      }
    } catch (PxpException e) {
      listening.close();
      events.close();
      alarm.close();
      throw e;
    }
  }

  private Optional<PxpUpgrade.Engine> engine(PxpBuilder builder) {
    if (!builder.abilities.contains(Ability.WEBRTC)) {
      return Optional.empty();
    }
    var outcome =
        PxpUpgrades.load(new PxpUpgrade.Options(List.copyOf(builder.iceServers), builder.exposure));
    if (outcome.engine().isEmpty()) {
      events.publish(new PxpEvent.Unavailable("WebRTC", outcome.why()));
    }
    return outcome.engine();
  }

  private ExchangeOptions options(PxpBuilder builder, Optional<PxpUpgrade.Engine> engine) {
    EnumSet<Ability> abilities = EnumSet.copyOf(builder.abilities);
    if (engine.isEmpty()) {
      abilities.remove(Ability.WEBRTC);
    }
    return new ExchangeOptions(
        builder.network,
        builder.listed ? listening.endpoints() : List.of(),
        abilities,
        identity(builder, engine),
        builder.peersMax,
        builder.bootstrap,
        silenceMax(builder.readerPause));
  }

  private static Optional<Identity> identity(
      PxpBuilder builder, Optional<PxpUpgrade.Engine> engine) {
    String fingerprint = engine.map(PxpUpgrade.Engine::fingerprint).orElse("");
    return Optional.ofNullable(builder.identity).map(keys -> new Identity(keys, fingerprint));
  }

  /// Who lets its own readers pause for long has peers that do so, too: they do not answer
  /// meanwhile.
  private static Duration silenceMax(Duration readerPause) {
    Duration usual = ExchangeOptions.SILENCE_MAX;
    return readerPause.compareTo(usual) > 0 ? readerPause : usual;
  }

  private List<Input> firstInputs(PxpBuilder builder) {
    var first = new ArrayList<Input>();
    PxpMemory store = memory;
    if (store != null) {
      first.add(new Input.Remembered(store.recall()));
    }
    first.add(new Input.TargetChanged(builder.keep));
    first.add(new Input.Ticked());
    return first;
  }

  NetworkId id() {
    return id;
  }

  String token() {
    return token;
  }

  PxpLoop loop() {
    return loop;
  }

  PxpListening listening() {
    return listening;
  }

  PxpEvents events() {
    return events;
  }

  PxpStats stats() {
    return new PxpStats(
        loop.peers().count(),
        loop.links().count(),
        counters.accepted.sum(),
        counters.turnedAway.sum(),
        counters.bytesIn.sum(),
        counters.bytesOut.sum(),
        counters.buffered.get(),
        counters.relays.sum(),
        counters.bytesRelayed.sum(),
        events.lost());
  }

  /// Threads that have not ended.
  int threads() {
    return links.count() + others.count();
  }

  /// Whether the caller runs on one of them.
  boolean isOwnThread() {
    return links.isOwn(Thread.currentThread()) || others.isOwn(Thread.currentThread());
  }

  /// Ends everything.
  void close() {
    long start = System.nanoTime();
    listening.close();
    loop.close();
    try {
      loop.awaitEnd(times.goodbye());
      events.close();
      others.interruptAll();
      links.join(start + times.goodbye().toNanos());
      cut();
      long end = start + times.close().toNanos();
      if (!links.join(end) || !others.join(end)) {
        LOG.log(Level.WARNING, "a thread of the network " + id + " does not end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      cut();
    }
    alarm.close();
  }

  private void cut() {
    loop.links().cut();
    loop.upgrades().close();
    save();
  }

  private void save() {
    PxpMemory store = memory;
    if (store != null) {
      try {
        store.flush();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "what was reached is not remembered: " + PxpWires.said(e));
      }
    }
  }
}
