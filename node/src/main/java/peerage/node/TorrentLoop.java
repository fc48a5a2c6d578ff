package peerage.node;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator.SplittableGenerator;
import org.jspecify.annotations.Nullable;
import peerage.peers.IpAddress;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.swarm.Direction;
import peerage.swarm.Swarm;
import peerage.swarm.SwarmOptions;
import peerage.wire.Handshake;

/// The loop of one torrent: one virtual thread that owns its machines, with a bounded inbox. A desk
/// drives each machine ([SwarmDesk], [TransferDesk], [TrackerDesk]); connections, dials and
/// requests run on threads of their own and post here what happened.
///
/// The loop itself begins, turns and ends; what the swarm is about is [SubjectDesk]'s, what
/// connections bring [Reception]'s, and what the public classes ask [Answers]'. They all run on the
/// loop's thread, but for what they say is called from others.
final class TorrentLoop implements Listener.Host {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final Services services;
  private final SubjectDesk subject;
  private final Inbox inbox = new Inbox();
  private final Reception reception;
  private final SwarmDesk swarm;
  private final TrackerDesk trackers;
  private final DhtDesk dht;
  private final LanDesk lan;
  private final MemoryDesk memory;
  private final MetadataDesk metadata;
  private final Housekeeping housekeeping;
  private final Answers answers;
  private final CopyOnWriteArrayList<Consumer<TorrentEvent>> listeners =
      new CopyOnWriteArrayList<>();
  private volatile boolean serving;
  private volatile boolean closing;
  private volatile boolean ended;
  private @Nullable Thread thread;
  private Instant now;

  /// @param of what the swarm is joined for
  /// @param options empty to watch only
  /// @param port where the [Listener] listens
  TorrentLoop(
      Services services,
      Subject of,
      Optional<DownloadOptions> options,
      int port,
      Consumer<TorrentEvent> listener) {
    this.services = services;
    this.now = services.clock().instant();
    listeners.add(listener);
    SplittableGenerator random = Services.newRandom();
    var traffic = new Traffic();
    PeerId ourId = PeerId.ours(random.split());
    Swarm machine = machine(ourId, port, of, options, random.split());
    this.subject = new SubjectDesk(this, services, of, options, random.split());
    this.reception =
        new Reception(
            this, new Connection.Lines(services.pool(), services.down(), services.up(), traffic));
    this.swarm = new SwarmDesk(this, services, machine, of.infoHash(), ourId, port);
    this.memory = new MemoryDesk(services.memory(), of.infoHash(), swarm);
    this.metadata = new MetadataDesk(this, of.infoHash());
    this.trackers = new TrackerDesk(this, services, of, traffic, ourId, port, random.split());
    this.dht = new DhtDesk(this, services, of.infoHash(), port);
    this.lan = new LanDesk(this, services, of.infoHash());
    this.housekeeping = new Housekeeping(traffic);
    this.answers = new Answers(this, services, inbox, housekeeping);
  }

  private static Swarm machine(
      PeerId ourId,
      int port,
      Subject of,
      Optional<DownloadOptions> options,
      SplittableGenerator random) {
    int maxPeers = options.map(DownloadOptions::maxPeers).orElse(SwarmOptions.DEFAULT.maxPeers());
    SwarmOptions bounds = SwarmOptions.DEFAULT.withMaxPeers(maxPeers);
    return new Swarm(ourId, port, SubjectDesk.privacy(of.torrent()), bounds, random);
  }

  // For the public classes, from any thread

  void start() {
    thread = Thread.ofVirtual().name("swarm " + subject.infoHash()).start(this::run);
  }

  Membership.Subscription subscribe(Consumer<TorrentEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void filtersChanged() {
    post(() -> swarm.filter(services.filters().get()));
  }

  void give(PeerAddress peer) {
    post(() -> swarm.heard(List.of(peer), new Origin.Given(), Optional.empty()));
  }

  boolean isEnded() {
    return ended;
  }

  /// Whether questions in the inbox are answered.
  boolean isServing() {
    return serving && !ended;
  }

  boolean isClosing() {
    return closing;
  }

  /// What the swarm is about.
  SubjectDesk subject() {
    return subject;
  }

  Answers answers() {
    return answers;
  }

  /// Leaves the swarm; waits until that is done, two seconds at most.
  void close() {
    closing = true;
    post(() -> {});
    Thread running = thread;
    if (running != null && !running.equals(Thread.currentThread())) {
      try {
        running.join(CLOSE_LIMIT);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // For the desks

  Instant now() {
    return now;
  }

  SwarmDesk swarm() {
    return swarm;
  }

  Reception reception() {
    return reception;
  }

  DhtDesk dht() {
    return dht;
  }

  /// Announces that we left out because peer exchange was healthy.
  long trackersSaved() {
    return trackers.saved();
  }

  MetadataDesk metadata() {
    return metadata;
  }

  /// Has the loop run this; dropped once it has ended.
  ///
  /// @return whether it will be run
  boolean post(Runnable task) {
    return inbox.post(task);
  }

  /// Posts from a thread that serves other torrents too, and must not wait for this one's inbox.
  void later(String name, Runnable task) {
    Thread.ofVirtual().name(name).start(() -> post(task));
  }

  void publish(TorrentEvent event) {
    memory.saw(event);
    listeners.forEach(listener -> listener.accept(event));
  }

  void fail(DownloadException why) {
    closing = true;
    subject.end(why);
    publish(new TorrentEvent.Failed(why));
  }

  void finished() {
    trackers.completed();
    swarm.handle(new Swarm.Input.Completed());
    subject.finished();
    publish(new TorrentEvent.Finished());
  }

  void heard(List<PeerAddress> addresses, Origin origin, Optional<IpAddress> source) {
    swarm.heard(addresses, origin, source);
  }

  /// A connection whose handshakes are done, from any thread.
  void welcome(SocketChannel channel, Direction direction, PeerAddress remote, Handshake theirs) {
    if (!post(new Arrival(channel, direction, remote, theirs))) {
      Handshaking.closeQuietly(channel);
    }
  }

  /// A task that brings something which has to be closed if nobody takes it.
  interface Delivery extends Runnable {
    /// The loop has ended.
    void refuse();
  }

  private final class Arrival implements Delivery {
    private final SocketChannel channel;
    private final Runnable opening;

    Arrival(SocketChannel channel, Direction direction, PeerAddress remote, Handshake theirs) {
      this.channel = channel;
      this.opening = () -> swarm.opened(channel, direction, remote, theirs);
    }

    @Override
    public void run() {
      opening.run();
    }

    @Override
    public void refuse() {
      Handshaking.closeQuietly(channel);
    }
  }

  // The loop

  private void run() {
    try {
      if (join()) {
        while (!closing) {
          step();
        }
      }
    } catch (DownloadException e) {
      fail(e);
    } catch (InterruptedException _) {
      closing = true;
    } catch (RuntimeException | Error bug) {
      fail(bug(bug));
      throw bug;
    } finally {
      leave();
    }
  }

  static DownloadException bug(Throwable bug) {
    return new DownloadException(DownloadException.Reason.OTHER, "a bug in Peerage: " + bug);
  }

  private boolean join() throws DownloadException {
    swarm.filter(services.filters().get());
    subject.join();
    now = services.clock().instant();
    if (closing) {
      return false;
    }
    serving = true;
    memory.recall();
    MagnetPeers.tell(this, subject.peers());
    trackers.start(subject.left());
    dht.start(subject.left());
    lan.start();
    return true;
  }

  private void step() throws InterruptedException {
    Runnable task = inbox.next(waitTime());
    now = services.clock().instant();
    inbox.run(task, () -> closing);
    metadata.settle();
    swarm.settle();
    subject.transfers().ifPresent(TransferDesk::settle);
    long left = subject.left();
    trackers.settle(left);
    dht.settle(left);
    lan.settle();
    memory.settle(now);
    housekeeping.settle(now, swarm.connections(), subject.transfers().orElse(null));
  }

  private Duration waitTime() {
    Instant next = housekeeping.nextDeadline();
    for (Optional<Instant> deadline :
        List.of(
            swarm.nextDeadline(),
            subject.transfers().flatMap(TransferDesk::nextDeadline),
            metadata.nextDeadline(),
            trackers.nextDeadline(),
            dht.nextDeadline())) {
      if (deadline.isPresent() && deadline.get().isBefore(next)) {
        next = deadline.get();
      }
    }
    return Duration.between(services.clock().instant(), next);
  }

  private void leave() {
    closing = true;
    List<Thread> goodbyes = trackers.stop();
    dht.stop();
    lan.stop();
    memory.leave();
    swarm.closeAll("we leave the swarm");
    subject.transfers().ifPresent(TransferDesk::close);
    answers.end();
    subject.end(
        new DownloadException(
            DownloadException.Reason.CLOSED, subject.name() + " was closed before it was done"));
    ended = true;
    for (Runnable late : inbox.close()) {
      if (late instanceof Delivery delivery) {
        delivery.refuse();
      }
    }
    TrackerDesk.await(goodbyes);
  }

  // For the listener, on its threads

  @Override
  public Handshake handshake() {
    return swarm.handshake();
  }

  @Override
  public void incoming(SocketChannel channel, PeerAddress remote, Handshake theirs) {
    welcome(channel, Direction.INCOMING, remote, theirs);
  }
}
