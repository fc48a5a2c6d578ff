package peerage.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpUpgrade;
import peerage.peers.Link;
import peerage.pxp.Attempt;
import peerage.pxp.Endpoint;
import peerage.pxp.Exchange;
import peerage.pxp.Exchange.Input;
import peerage.pxp.Exchange.Output;
import peerage.pxp.ExchangeNotice;

/// The loop of one network: one virtual thread that owns its [Exchange], with a bounded inbox.
/// Links, dials, upgrades and the application run on threads of their own and post here what
/// happened.
final class PxpLoop {
  /// What who comes too late is told.
  static final String CLOSED = "the network is closed";

  private static final System.Logger LOG = System.getLogger("peerage.node");
  private static final int BATCH_MAX = 256;
  private static final Duration IDLE = Duration.ofMinutes(1);

  /// What is settled from the start on.
  ///
  /// @param clock the time that the machine is given
  /// @param readerPause how long a stream may be left unread before it holds nobody back
  /// @param bufferedMax bytes that may wait for their readers in all streams together
  /// @param counters what is counted
  /// @param handler what the application does with each peer
  /// @param threads run handlers and dials
  /// @param links what all links share
  /// @param events where events go
  record Settings(
      InstantSource clock,
      Duration readerPause,
      long bufferedMax,
      PxpCounters counters,
      PxpHandler handler,
      PxpThreads threads,
      PxpLink.Shared links,
      PxpEvents events) {}

  private final Exchange exchange;
  private final Settings settings;
  private final Inbox inbox = new Inbox();
  private final ArrayDeque<Runnable> own = new ArrayDeque<>();
  private final ArrayDeque<Input> inputs = new ArrayDeque<>();
  private final PxpLinks links;
  private final PxpPeers peers;
  private final PxpSeeks seeks;
  private final PxpDials dials;
  private final PxpUpgrades upgrades;
  private final @Nullable PxpMemory memory;
  private volatile boolean closing;
  private volatile @Nullable Thread thread;
  private boolean busy;
  private Instant now;

  /// What the loop drives besides the machine.
  ///
  /// @param wires carry connections
  /// @param within how long a dial may take
  /// @param tls for wires that need it
  /// @param engine for upgrades
  /// @param memory what is remembered for the next start
  record Tools(
      PxpWires wires,
      Duration within,
      Optional<SSLContext> tls,
      Optional<PxpUpgrade.Engine> engine,
      Optional<PxpMemory> memory) {}

  PxpLoop(Exchange exchange, Settings settings, Tools tools) {
    this.exchange = exchange;
    this.settings = settings;
    this.now = settings.clock.instant();
    this.links = new PxpLinks(this, settings.links);
    this.peers = new PxpPeers(this, settings);
    this.seeks = new PxpSeeks(this);
    this.dials = new PxpDials(this, tools.wires, settings.threads, tools.within, tools.tls);
    this.upgrades = new PxpUpgrades(this, tools.engine);
    this.memory = tools.memory.orElse(null);
  }

  void start(List<Input> first) {
    first.forEach(input -> post(() -> handle(input)));
    thread = settings.threads.start("pxp loop", this::run);
  }

  PxpPeers peers() {
    return peers;
  }

  PxpSeeks seeks() {
    return seeks;
  }

  PxpDials dials() {
    return dials;
  }

  PxpUpgrades upgrades() {
    return upgrades;
  }

  PxpLinks links() {
    return links;
  }

  boolean isClosing() {
    return closing;
  }

  // For any thread

  /// Has the loop run this; waits for room.
  ///
  /// @return false if the loop has ended, and nobody will run it
  boolean post(Runnable task) {
    if (isOwnThread()) {
      own.add(task);
      return true;
    }
    return !closing && inbox.post(task);
  }

  /// Has the loop run this, or runs what is to be done if the loop has ended.
  void postOrElse(Runnable task, Runnable otherwise) {
    var delivery = new Delivery(task, otherwise);
    if (!post(delivery)) {
      otherwise.run();
    }
  }

  private boolean isOwnThread() {
    return Thread.currentThread().equals(thread);
  }

  void publish(PxpEvent event) {
    settings.events.publish(event);
  }

  private record Delivery(Runnable task, Runnable otherwise) implements Runnable {
    @Override
    public void run() {
      task.run();
    }
  }

  // On the loop's thread

  /// Passes an input to the machine, and obeys; while that is being done, afterwards.
  void handle(Input input) {
    inputs.add(input);
    if (busy) {
      return;
    }
    busy = true;
    try {
      for (Input next = inputs.poll(); next != null; next = inputs.poll()) {
        handleNow(next);
      }
    } finally {
      busy = false;
    }
  }

  private void handleNow(Input input) {
    try {
      exchange.handle(input, now).forEach(this::obey);
    } catch (RuntimeException bug) { // ours: it ends one connection, and nothing else
      LOG.log(Level.ERROR, "PXP met a bug at " + input.getClass().getSimpleName(), bug);
      if (input instanceof Input.Received(Link link, _)) {
        links.get(link).ifPresent(each -> each.close("a bug in Peerage"));
      }
    }
  }

  /// What every connection needs is told apart before the rest: the first use of a switch over
  /// types costs a fresh JVM milliseconds.
  private void obey(Output output) {
    if (output instanceof Output.Send(Link link, List<ByteBuffer> bytes)) {
      links.get(link).ifPresent(each -> each.send(bytes));
    } else if (output instanceof Output.StreamBytes(var peer, ByteBuffer bytes, var part)) {
      peers.wrote(peer, bytes, part);
    } else if (output instanceof Output.PeerJoined joined) {
      joined(joined);
    } else if (output instanceof Output.Reached(var endpoint)) {
      reached(endpoint);
    } else if (output instanceof Output.Noticed(ExchangeNotice notice)) {
      noticed(notice);
    } else if (output instanceof Output.BeginUpgrade(Attempt attempt, var kind)) {
      upgrades.begin(attempt, kind);
    } else if (output instanceof Output.PassSignal(Attempt attempt, var signal)) {
      upgrades.pass(attempt, signal);
    } else if (output instanceof Output.Found(int request, var peer)) {
      seeks.found(request, peers.get(peer));
    } else {
      obeyOther(output);
    }
  }

  private void obeyOther(Output output) {
    switch (output) {
      case Output.Close(Link link, String why) ->
          links.get(link).ifPresent(each -> each.finish(why));
      case Output.HoldReading(Link link) -> links.get(link).ifPresent(each -> each.hold(exchange));
      case Output.ReadOn(Link link) -> links.get(link).ifPresent(each -> each.release(exchange));
      case Output.Dial(Attempt attempt, var endpoint) -> dials.begin(attempt, endpoint);
      case Output.GiveUp(Attempt attempt) -> {
        dials.giveUp(attempt);
        upgrades.giveUp(attempt);
      }
      case Output.StreamEnded(var peer) -> peers.ended(peer);
      case Output.PeerLeft(var peer, String why) -> peers.left(peer, why);
      case Output.NotFound(int request, var why) -> seeks.failed(request, why);
      case Output.Send _,
          Output.StreamBytes _,
          Output.PeerJoined _,
          Output.Reached _,
          Output.Noticed _,
          Output.BeginUpgrade _,
          Output.PassSignal _,
          Output.Found _ -> {} // seen to above
    }
  }

  private void joined(Output.PeerJoined joined) {
    links
        .get(joined.link()) // if it has ended already, the machine is about to hear of it
        .ifPresent(link -> links.joined(joined, peers.joined(joined, link)));
  }

  private void noticed(ExchangeNotice notice) {
    if (notice instanceof ExchangeNotice.RelayBegun) {
      settings.counters.relays.increment();
    } else if (notice instanceof ExchangeNotice.RelayEnded ended) {
      settings.counters.bytesRelayed.add(ended.bytes());
    }
    publish(PxpNotices.of(notice, this));
  }

  private void reached(Endpoint endpoint) {
    PxpMemory store = memory;
    if (store != null && store.reached(endpoint)) {
      settings.links.alarm().after(PxpNetwork.MEMORY_DELAY, () -> save(store));
    }
  }

  private void save(PxpMemory store) {
    settings.threads.start(
        "pxp memory",
        () -> {
          try {
            store.flush();
          } catch (IOException e) {
            LOG.log(Level.DEBUG, "what was reached is not remembered", e);
          }
        });
  }

  /// Tells the machine whether a link is read, when readers have changed that.
  void flowChanged(PxpPeer peer) {
    if (isOwnThread()) {
      peers.flowChanged(peer);
    } else {
      post(() -> peers.flowChanged(peer));
    }
  }

  // The loop

  private void run() {
    thread = Thread.currentThread();
    try {
      while (!closing) {
        step();
      }
    } catch (InterruptedException _) {
      closing = true;
    } finally {
      leave();
    }
  }

  private void step() throws InterruptedException {
    Runnable task = own.isEmpty() ? inbox.next(waitTime()) : own.poll();
    now = settings.clock.instant();
    for (int i = 0; task != null; i++) {
      task.run();
      task = i < BATCH_MAX && !closing ? nextTask() : null; // what is left is told that we close
    }
    if (exchange.nextDeadline().filter(deadline -> !deadline.isAfter(now)).isPresent()) {
      handle(new Input.Ticked());
    }
    peers.settle(now);
  }

  private @Nullable Runnable nextTask() {
    Runnable mine = own.poll();
    return mine != null ? mine : inbox.next();
  }

  private Duration waitTime() {
    Instant current = settings.clock.instant();
    Instant next = current.plus(IDLE);
    for (Optional<Instant> deadline : List.of(exchange.nextDeadline(), peers.nextDeadline())) {
      if (deadline.isPresent() && deadline.get().isBefore(next)) {
        next = deadline.get();
      }
    }
    return Duration.between(current, next);
  }

  /// Ends the loop; it says goodbye to everybody.
  void close() {
    post(() -> closing = true);
  }

  /// Waits until it has said goodbye.
  void awaitEnd(Duration limit) throws InterruptedException {
    Thread running = thread;
    if (running != null && !isOwnThread()) {
      running.join(limit);
    }
  }

  private void leave() {
    closing = true;
    now = settings.clock.instant();
    peers.leaveAll();
    seeks.failAll(new PxpException(PxpException.Reason.CLOSED, CLOSED));
    links.finishAll();
    for (Runnable late : inbox.close()) {
      if (late instanceof Delivery delivery) {
        delivery.otherwise.run();
      }
    }
  }
}
