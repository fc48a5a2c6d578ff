package peerage.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator.SplittableGenerator;
import org.jspecify.annotations.Nullable;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.pieces.PieceLayout;
import peerage.pieces.PieceSet;
import peerage.pieces.Transfer;
import peerage.pieces.TransferOptions;
import peerage.swarm.Direction;
import peerage.swarm.Privacy;
import peerage.swarm.Swarm;
import peerage.swarm.SwarmOptions;
import peerage.swarm.TellerView;
import peerage.wire.Block;
import peerage.wire.Handshake;
import peerage.wire.Message;
import peerage.wire.Metainfo;

/// The loop of one torrent: one virtual thread that owns its machines, with a bounded inbox. A desk
/// drives each machine ([SwarmDesk], [TransferDesk], [TrackerDesk]); connections, dials and
/// requests run on threads of their own and post here what happened.
final class TorrentLoop implements Listener.Host, Connection.Content {
  private static final System.Logger LOG = System.getLogger("peerage.node");
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
  private static final int MAX_BATCH = 256;

  private final Services services;
  private final Metainfo torrent;
  private final @Nullable DownloadOptions options;
  private final SplittableGenerator random = Services.newRandom();
  private final Inbox inbox = new Inbox();
  private final Traffic traffic = new Traffic();
  private final Connection.Lines lines;
  private final SwarmDesk swarm;
  private final TrackerDesk trackers;
  private final DhtDesk dht;
  private final LanDesk lan;
  private final MemoryDesk memory;
  private final Housekeeping housekeeping = new Housekeeping(traffic);
  private final CompletableFuture<Path> done = new CompletableFuture<>();
  private final CopyOnWriteArrayList<Consumer<TorrentEvent>> listeners =
      new CopyOnWriteArrayList<>();
  private volatile @Nullable TransferDesk transfers;
  private volatile Progress lastProgress;
  private volatile boolean closing;
  private volatile boolean ended;
  private @Nullable Thread thread;
  private Instant now;

  /// @param options empty to watch only
  /// @param port where the [Listener] listens
  TorrentLoop(
      Services services,
      Metainfo torrent,
      Optional<DownloadOptions> options,
      int port,
      Consumer<TorrentEvent> listener) {
    this.services = services;
    this.torrent = torrent;
    this.options = options.orElse(null);
    this.now = services.clock().instant();
    this.lines = new Connection.Lines(services.pool(), services.down(), services.up(), traffic);
    listeners.add(listener);
    PeerId ourId = PeerId.ours(random.split());
    int maxPeers = options.map(DownloadOptions::maxPeers).orElse(SwarmOptions.DEFAULT.maxPeers());
    var machine =
        new Swarm(
            ourId,
            port,
            torrent.isPrivate() ? Privacy.PRIVATE : Privacy.PUBLIC,
            SwarmOptions.DEFAULT.withMaxPeers(maxPeers),
            random.split());
    this.swarm = new SwarmDesk(this, services, machine, torrent.infoHash(), ourId, port);
    this.memory = new MemoryDesk(services.memory(), torrent, swarm);
    this.trackers = new TrackerDesk(this, services, torrent, traffic, ourId, port, random.split());
    this.dht = new DhtDesk(this, services, torrent.infoHash(), port);
    this.lan = new LanDesk(this, services, torrent.infoHash());
    this.lastProgress = housekeeping.measure(Progress.State.CHECKING, torrent, null, null, machine);
  }

  // For the public classes, from any thread

  Metainfo torrent() {
    return torrent;
  }

  CompletableFuture<Path> done() {
    return done;
  }

  void start() {
    thread = Thread.ofVirtual().name("swarm " + torrent.infoHash()).start(this::run);
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

  /// What is on disk is read before the inbox is served, so until then nobody can be asked.
  private boolean answers() {
    return transfers != null && !ended;
  }

  Progress progress() {
    return answers() ? inbox.ask(this::measure, lastProgress) : lastProgress;
  }

  private Progress measure() {
    TransferDesk desk = transfers();
    Progress.State state =
        desk.machine().isDone() ? Progress.State.SEEDING : Progress.State.DOWNLOADING;
    return housekeeping.measure(
        closing ? Progress.State.ENDED : state,
        torrent,
        desk.disk(),
        desk.machine(),
        swarm.machine());
  }

  /// What peer exchange moved so far.
  PexTraffic pex() {
    return answers() ? inbox.ask(swarm::pex, PexTraffic.NONE) : swarm.pex();
  }

  List<PeerReport> reports() {
    return answers()
        ? inbox.ask(() -> PeerReports.all(swarm.machine(), transfers().links()), List.of())
        : List.of();
  }

  List<Passport> passports() {
    return answers() ? inbox.ask(this::passportsNow, List.of()) : List.of();
  }

  private List<Passport> passportsNow() {
    Instant machines = services.clock().instant();
    Duration ahead = Duration.between(machines, Instant.now());
    return swarm.machine().candidates(machines).stream()
        .map(view -> Passport.of(view, ahead))
        .toList();
  }

  List<TellerView> tellers() {
    return answers()
        ? inbox.ask(() -> swarm.machine().tellers(services.clock().instant()), List.of())
        : List.of();
  }

  /// The report of one peer, for listeners: on the loop's own thread.
  Optional<PeerReport> reportNow(Link link) {
    return PeerReports.one(link, swarm.machine(), transfers().links());
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

  DhtDesk dht() {
    return dht;
  }

  TransferDesk transfers() {
    TransferDesk desk = transfers;
    if (desk == null) {
      throw new IllegalStateException("not joined yet");
    }
    return desk;
  }

  /// Has the loop run this; dropped once it has ended.
  ///
  /// @return whether it will be run
  boolean post(Runnable task) {
    return inbox.post(task);
  }

  void publish(TorrentEvent event) {
    memory.saw(event);
    listeners.forEach(listener -> listener.accept(event));
  }

  void fail(DownloadException why) {
    closing = true;
    done.completeExceptionally(why);
    publish(new TorrentEvent.Failed(why));
  }

  void finished() {
    trackers.completed();
    swarm.handle(new Swarm.Input.Completed());
    if (options != null) {
      done.complete(options.directory().resolve(torrent.name()));
    }
    publish(new TorrentEvent.Finished());
  }

  Connection newConnection(SocketChannel channel, Link link, PeerAddress remote, Handshake theirs) {
    return new Connection(channel, link, remote, theirs, this, lines, torrent.pieceCount());
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

  private final class Arrival implements Runnable {
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

    /// The loop has ended.
    void refuse() {
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
      fail(new DownloadException(DownloadException.Reason.OTHER, "a bug in Peerage: " + bug));
      throw bug;
    } finally {
      leave();
    }
  }

  private boolean join() throws DownloadException {
    PieceSet have = new PieceSet(torrent.pieceCount());
    PieceSet wanted = new PieceSet(torrent.pieceCount());
    @Nullable Disk disk = null;
    if (options != null) {
      disk = Disk.open(torrent, options, services.state(), this::checking, () -> closing);
      have = disk.have();
      wanted = disk.wanted();
    }
    var transfer =
        new Transfer(
            torrent.infoHash(),
            PieceLayout.of(torrent),
            have,
            wanted,
            TransferOptions.DEFAULTS,
            random.split());
    var desk = new TransferDesk(this, transfer, disk);
    now = services.clock().instant();
    transfers = desk;
    if (closing) {
      return false;
    }
    swarm.filter(services.filters().get());
    publish(new TorrentEvent.Joined(have.count(), have.size()));
    if (transfer.isDone()) {
      desk.finished();
    }
    memory.recall();
    trackers.start(left());
    dht.start(left());
    lan.start();
    return true;
  }

  /// Told a hundred times at most, however many pieces there are.
  private void checking(int checked, int of) {
    if (checked == of || (long) checked * 100 / of != (checked - 1L) * 100 / of) {
      publish(new TorrentEvent.Checking(checked, of));
    }
  }

  private void step() throws InterruptedException {
    Runnable task = inbox.next(waitTime());
    now = services.clock().instant();
    for (int i = 0; task != null && !closing; i++) {
      task.run();
      task = i < MAX_BATCH ? inbox.next() : null;
    }
    swarm.settle();
    transfers().settle();
    trackers.settle(left());
    dht.settle(left());
    lan.settle();
    memory.settle(now);
    housekeeping.settle(now, swarm.connections(), transfers());
  }

  private Duration waitTime() {
    Instant next = housekeeping.nextDeadline();
    for (Optional<Instant> deadline :
        List.of(
            swarm.nextDeadline(),
            transfers().nextDeadline(),
            trackers.nextDeadline(),
            dht.nextDeadline())) {
      if (deadline.isPresent() && deadline.get().isBefore(next)) {
        next = deadline.get();
      }
    }
    return Duration.between(services.clock().instant(), next);
  }

  private long left() {
    return options == null ? torrent.totalLength() : transfers().machine().remainingBytes();
  }

  private void leave() {
    closing = true;
    List<Thread> goodbyes = trackers.stop();
    dht.stop();
    lan.stop();
    memory.leave();
    swarm.closeAll("we leave the swarm");
    TransferDesk desk = transfers;
    if (desk != null) {
      desk.close();
      lastProgress = measure();
    }
    done.completeExceptionally(
        new DownloadException(
            DownloadException.Reason.CLOSED, torrent.name() + " was closed before it was done"));
    ended = true;
    for (Runnable late : inbox.close()) {
      if (late instanceof Arrival arrival) {
        arrival.refuse();
      }
    }
    TrackerDesk.await(goodbyes);
  }

  // What peers and connections say, on their own threads

  @Override
  public Handshake handshake() {
    return swarm.handshake();
  }

  @Override
  public void incoming(SocketChannel channel, PeerAddress remote, Handshake theirs) {
    welcome(channel, Direction.INCOMING, remote, theirs);
  }

  @Override
  public void arrived(Connection connection, List<Connection.Arrived> messages) {
    post(
        () -> {
          try {
            messages.forEach(message -> onArrived(connection, message));
          } catch (RuntimeException bug) { // ours: it ends this connection, and nothing else
            LOG.log(Level.ERROR, "a message of " + connection.remote() + " met a bug", bug);
            connection.close("a bug in Peerage");
          }
        });
  }

  private void onArrived(Connection connection, Connection.Arrived arrived) {
    if (connection.isClosed()) {
      return;
    }
    switch (arrived) {
      case Connection.Arrived.OfBlock(Block block) -> {
        transfers().arrived(connection.link(), block);
        swarm.supplied(connection);
      }
      case Connection.Arrived.OfMessage(Message.Extended(int id, byte[] payload)) ->
          swarm.extended(connection, id, payload);
      case Connection.Arrived.OfMessage(Message.Port(int udpPort)) ->
          dht.hasNode(connection, udpPort);
      case Connection.Arrived.OfMessage(Message message) ->
          transfers().arrived(connection.link(), message);
    }
  }

  @Override
  public void store(Block block, ByteBuffer data) throws IOException {
    transfers().store(block, data);
  }

  @Override
  public void load(Block block, ByteBuffer target) throws IOException {
    transfers().load(block, target);
  }

  @Override
  public void served(Connection connection, List<Block> blocks) {
    post(
        () -> {
          transfers().served(connection.link(), blocks);
          swarm.served(connection);
        });
  }

  @Override
  public void serveFailed(Connection connection, Block block, IOException why) {
    post(() -> transfers().serveFailed(connection.link(), block));
  }

  @Override
  public void storeFailed(IOException why) {
    post(() -> fail(Disk.failure(why)));
  }

  @Override
  public void gone(Connection connection, String reason) {
    post(() -> swarm.gone(connection, reason));
  }
}
