package peerage.node;

import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.dht.Dht;
import peerage.dht.DhtOptions;
import peerage.dht.DhtStatus;
import peerage.dht.NodeId;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// The loop of the DHT: one virtual thread that owns the [Dht] machine, with a bounded inbox, over
/// our [UdpPort]. It starts when somebody first wants something of it: a Peerage with nothing but
/// private torrents sends no datagram, and asks nobody for the address of a router.
///
/// A flood of datagrams fills the inbox and is dropped then; what torrents want waits for room.
final class DhtLoop implements AutoCloseable {
  /// After the start, when a table is filled for the first time, what it holds is saved.
  private static final Duration FIRST_SAVE = Duration.ofSeconds(20);

  private static final Duration SAVE_INTERVAL = Duration.ofMinutes(10);

  /// How often a node that is alone tries to enter its DHT: its routers may come up later.
  private static final Duration ENTRY_INTERVAL = Duration.ofSeconds(15);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final System.Logger LOG = System.getLogger("peerage.node");

  private final UdpPort udp;
  private final MonotonicClock clock;
  private final DhtMemory memory;
  private final DhtRouters routers;
  private final Dht machine;
  private final Inbox inbox = new Inbox();
  private final AtomicInteger tasks = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Map<Integer, Consumer<Dht.Output>> sinks = new HashMap<>(); // the loop's own
  private volatile boolean closing;
  private volatile @Nullable Thread thread;
  private Instant now;
  private Instant nextSave;
  private Instant nextEntry = Instant.MAX;

  DhtLoop(
      UdpPort udp,
      MonotonicClock clock,
      DhtMemory memory,
      List<String> routers,
      DhtOptions options) {
    this.udp = udp;
    this.clock = clock;
    this.memory = memory;
    this.routers = new DhtRouters(routers, udp.families());
    this.machine = new Dht(options, Services.newRandom(), new SecureRandom());
    this.now = clock.instant();
    this.nextSave = now.plus(FIRST_SAVE);
  }

  // From any thread

  /// Starts, unless it is running or closed.
  synchronized void start() {
    if (thread == null && !closing) {
      thread = Thread.ofVirtual().name("dht").start(this::run);
    }
  }

  /// Becomes part of the DHT for its own sake, whether or not somebody wants something of it.
  void enter() {
    start();
    inbox.post(() -> nextEntry = now);
  }

  boolean isStarted() {
    return thread != null;
  }

  /// Our UDP port, for `port` messages.
  int port() {
    return udp.port();
  }

  /// Those that we speak.
  Set<Family> families() {
    return udp.families();
  }

  /// Begins a task, and starts the loop for it if it has to.
  ///
  /// @param sink told of what the task comes to, on the DHT's own thread: it must not wait
  /// @return the task's number
  int begin(Dht.Task task, Consumer<Dht.Output> sink) {
    start();
    int number = tasks.incrementAndGet();
    inbox.post(
        () -> {
          sinks.put(number, sink);
          handle(new Dht.Input.Start(number, task));
        });
    return number;
  }

  /// Forgets a task.
  void cancel(int task) {
    inbox.post(
        () -> {
          sinks.remove(task);
          handle(new Dht.Input.Cancel(task));
        });
  }

  /// Names addresses at which there may be nodes.
  void suggest(List<PeerAddress> addresses) {
    start();
    List<PeerAddress> ofUse =
        addresses.stream().filter(address -> udp.families().contains(address.family())).toList();
    if (!ofUse.isEmpty()) {
      inbox.offer(() -> handle(new Dht.Input.Suggested(ofUse)));
    }
  }

  /// How it does; empty if nobody wanted anything of it so far.
  Optional<DhtStatus> status() {
    return isStarted()
        ? inbox.ask(() -> Optional.of(machine.status()), Optional.<DhtStatus>empty())
        : Optional.empty();
  }

  /// Datagrams that came too fast.
  long dropped() {
    return dropped.sum();
  }

  /// Saves what is known, and ends.
  @Override
  public void close() {
    closing = true;
    Thread running = thread;
    if (running == null) {
      return;
    }
    inbox.offer(() -> {});
    try {
      if (!ended.await(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.DEBUG, "the DHT's loop does not end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  // The loop

  private void run() {
    try {
      open();
      while (!closing) {
        step();
      }
    } catch (InterruptedException _) {
      closing = true;
    } catch (RuntimeException | Error bug) {
      LOG.log(Level.ERROR, "the DHT met a bug, and ends", bug);
      throw bug;
    } finally {
      leave();
    }
  }

  private void open() {
    DhtMemory.Content known = memory.open();
    for (Family family : udp.families()) {
      Optional<NodeId> former = Optional.ofNullable(known.ids().get(family));
      handle(new Dht.Input.Opened(socket(family), family, former));
    }
    if (!known.nodes().isEmpty()) {
      handle(new Dht.Input.Restored(known.nodes()));
    }
    udp.onDht(this::received);
  }

  /// On the port's thread. Each socket of the machine is one family of our one port.
  private void received(PeerAddress from, byte[] datagram) {
    if (!udp.families().contains(from.family()) || !inbox.offer(() -> arrived(from, datagram))) {
      dropped.increment();
    }
  }

  private void arrived(PeerAddress from, byte[] datagram) {
    try {
      handle(new Dht.Input.Received(socket(from.family()), from, datagram));
    } catch (RuntimeException bug) { // ours: it costs this datagram, and nothing else
      LOG.log(Level.ERROR, "a datagram of " + from + " met a bug", bug);
    }
  }

  private static int socket(Family family) {
    return switch (family) {
      case V4 -> 0;
      case V6 -> 1;
    };
  }

  private void step() throws InterruptedException {
    Runnable task = inbox.next(waitTime());
    now = clock.instant();
    inbox.run(task, () -> closing);
    Optional<Instant> deadline = machine.nextDeadline();
    if (deadline.isPresent() && !deadline.get().isAfter(now)) {
      handle(new Dht.Input.Tick());
    }
    if (!now.isBefore(nextEntry)) {
      nextEntry = now.plus(ENTRY_INTERVAL);
      machine.status().sockets().stream()
          .filter(node -> node.good() == 0)
          .findFirst()
          .ifPresent(lonely -> lookAround(lonely.id()));
    }
    if (!now.isBefore(nextSave)) {
      nextSave = now.plus(SAVE_INTERVAL);
      DhtMemory.Content content = toSave();
      Thread.ofVirtual().name("dht memory").start(() -> memory.save(content));
    }
  }

  /// "Upon inserting the first node into its routing table and when starting up thereafter, the
  /// node should attempt to find the closest nodes in the DHT to itself" (BEP 5).
  private void lookAround(NodeId self) {
    handle(new Dht.Input.Start(tasks.incrementAndGet(), new Dht.Task.FindNode(self)));
  }

  private Duration waitTime() {
    Instant next = machine.nextDeadline().orElse(now.plus(IDLE));
    for (Instant own : List.of(nextSave, nextEntry)) {
      next = own.isBefore(next) ? own : next;
    }
    return Duration.between(clock.instant(), next);
  }

  private DhtMemory.Content toSave() {
    var ids = new EnumMap<Family, NodeId>(Family.class);
    machine.status().sockets().forEach(node -> ids.putIfAbsent(node.family(), node.id()));
    return new DhtMemory.Content(ids, machine.nodesToSave());
  }

  private void leave() {
    closing = true;
    udp.onDht((_, _) -> {});
    inbox.close();
    memory.save(toSave());
    memory.close();
    ended.countDown();
  }

  private void handle(Dht.Input input) {
    machine.handle(input, now).forEach(this::obey);
  }

  private void obey(Dht.Output output) {
    switch (output) {
      case Dht.Output.Send(int _, PeerAddress to, byte[] datagram) -> udp.send(to, datagram);
      case Dht.Output.WantRouters() ->
          routers.resolve(found -> inbox.offer(() -> handle(new Dht.Input.Routers(found))));
      case Dht.Output.OwnIp _ -> {} // in the status
      case Dht.Output.PeersFound found -> tell(found.task(), found);
      case Dht.Output.NodesFound found -> tell(found.task(), found);
      case Dht.Output.ItemFound found -> tell(found.task(), found);
      case Dht.Output.Sampled sampled -> tell(sampled.task(), sampled);
      case Dht.Output.Scraped scraped -> tell(scraped.task(), scraped);
      case Dht.Output.Done done -> {
        tell(done.task(), done);
        sinks.remove(done.task());
      }
    }
  }

  private void tell(int task, Dht.Output output) {
    Consumer<Dht.Output> sink = sinks.get(task);
    if (sink != null) {
      sink.accept(output);
    }
  }
}
