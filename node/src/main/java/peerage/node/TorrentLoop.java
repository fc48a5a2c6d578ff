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
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.pieces.LinkSnapshot;
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
import peerage.wire.ExtensionHandshake;
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

  /// What a tracker is told is left, in bytes, while nobody knows: as libtorrent. Not 0, which
  /// would make us a seed.
  private static final long UNKNOWN_LEFT = 16 * 1024;

  private final Services services;
  private final Subject subject;
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
  private final MetadataDesk metadata;
  private final Housekeeping housekeeping = new Housekeeping(traffic);
  private final CompletableFuture<Metainfo> known = new CompletableFuture<>();
  private final CompletableFuture<Path> done = new CompletableFuture<>();
  private final CopyOnWriteArrayList<Consumer<TorrentEvent>> listeners =
      new CopyOnWriteArrayList<>();
  private volatile @Nullable Metainfo torrent;
  private volatile @Nullable TransferDesk transfers;
  private volatile boolean serving;
  private volatile Progress lastProgress;
  private volatile boolean closing;
  private volatile boolean ended;
  private @Nullable Thread thread;
  private Instant now;

  /// @param options empty to watch only
  /// @param port where the [Listener] listens
  TorrentLoop(
      Services services,
      Subject subject,
      Optional<DownloadOptions> options,
      int port,
      Consumer<TorrentEvent> listener) {
    this.services = services;
    this.subject = subject;
    this.torrent = subject.torrent();
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
            privacy(subject.torrent()),
            SwarmOptions.DEFAULT.withMaxPeers(maxPeers),
            random.split());
    this.swarm = new SwarmDesk(this, services, machine, subject.infoHash(), ourId, port);
    this.memory = new MemoryDesk(services.memory(), subject.infoHash(), swarm);
    this.metadata = new MetadataDesk(this, subject.infoHash());
    this.trackers = new TrackerDesk(this, services, subject, traffic, ourId, port, random.split());
    this.dht = new DhtDesk(this, services, subject.infoHash(), port);
    this.lan = new LanDesk(this, services, subject.infoHash());
    this.lastProgress = measure();
  }

  private static Privacy privacy(@Nullable Metainfo torrent) {
    if (torrent == null) {
      return Privacy.UNKNOWN;
    }
    return torrent.isPrivate() ? Privacy.PRIVATE : Privacy.PUBLIC;
  }

  // For the public classes, from any thread

  InfoHash infoHash() {
    return subject.infoHash();
  }

  String name() {
    Metainfo now = torrent;
    return now == null ? subject.name() : now.name();
  }

  Optional<Metainfo> torrent() {
    return Optional.ofNullable(torrent);
  }

  CompletableFuture<Metainfo> known() {
    return known;
  }

  CompletableFuture<Path> done() {
    return done;
  }

  void start() {
    thread = Thread.ofVirtual().name("swarm " + infoHash()).start(this::run);
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
    return serving && !ended;
  }

  Progress progress() {
    return answers() ? inbox.ask(this::measure, lastProgress) : lastProgress;
  }

  private Progress measure() {
    TransferDesk desk = transfers;
    return housekeeping.measure(
        state(desk),
        desk == null ? null : desk.machine(),
        desk == null ? null : desk.disk(),
        torrent().map(Metainfo::totalLength).orElse(subject.length()),
        metadata.progress(),
        swarm.machine());
  }

  private Progress.State state(@Nullable TransferDesk desk) {
    if (closing) {
      return Progress.State.ENDED;
    }
    if (desk == null) {
      return torrent == null ? Progress.State.METADATA : Progress.State.CHECKING;
    }
    return desk.machine().isDone() ? Progress.State.SEEDING : Progress.State.DOWNLOADING;
  }

  /// What peer exchange moved so far.
  PexTraffic pex() {
    return answers() ? inbox.ask(this::pexNow, PexTraffic.NONE) : pexNow();
  }

  private PexTraffic pexNow() {
    return swarm.pex().saving(trackers.saved());
  }

  List<PeerReport> reports() {
    return answers()
        ? inbox.ask(() -> PeerReports.all(swarm.machine(), links()), List.of())
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
    return PeerReports.one(link, swarm.machine(), links());
  }

  private List<LinkSnapshot> links() {
    TransferDesk desk = transfers;
    return desk == null ? List.of() : desk.links();
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

  /// While the torrent is not known, or its files are not open, there is nothing to transfer.
  private Optional<TransferDesk> transfers() {
    return Optional.ofNullable(transfers);
  }

  boolean isSeed() {
    return transfers().map(TransferDesk::isSeed).orElse(false);
  }

  MetadataDesk metadata() {
    return metadata;
  }

  /// A connection is there that is no visitor.
  void joined(Connection connection) {
    transfers().ifPresentOrElse(desk -> desk.joined(connection), () -> metadata.joined(connection));
  }

  void left(Link link) {
    metadata.left(link);
    transfers().ifPresent(desk -> desk.left(link));
  }

  /// The peer sent an extension handshake, the first or a later one.
  void introduced(Link link, ExtensionHandshake handshake) {
    metadata.introduced(link, handshake);
    handshake
        .requestQueue()
        .ifPresent(
            size ->
                transfers()
                    .ifPresentOrElse(
                        desk -> desk.requestQueue(link, size),
                        () -> metadata.requestQueue(link, size)));
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
    known.completeExceptionally(why);
    done.completeExceptionally(why);
    publish(new TorrentEvent.Failed(why));
  }

  void finished() {
    trackers.completed();
    swarm.handle(new Swarm.Input.Completed());
    if (options != null) {
      done.complete(options.directory().resolve(name()));
    }
    publish(new TorrentEvent.Finished());
  }

  Connection newConnection(SocketChannel channel, Link link, PeerAddress remote, Handshake theirs) {
    int pieces = torrent().map(Metainfo::pieceCount).orElse(Metainfo.MAX_PIECES);
    return new Connection(channel, link, remote, theirs, this, lines, pieces);
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
      fail(bug(bug));
      throw bug;
    } finally {
      leave();
    }
  }

  private static DownloadException bug(Throwable bug) {
    return new DownloadException(DownloadException.Reason.OTHER, "a bug in Peerage: " + bug);
  }

  private boolean join() throws DownloadException {
    swarm.filter(services.filters().get());
    Metainfo given = torrent;
    if (given != null) {
      metadata.has(given);
      known.complete(given);
      opened(given, open(given, this::checking));
    }
    now = services.clock().instant();
    if (closing) {
      return false;
    }
    serving = true;
    memory.recall();
    MagnetPeers.tell(this, subject.peers());
    trackers.start(left());
    dht.start(left());
    lan.start();
    return true;
  }

  /// Opens the files; null for a swarm that is only watched.
  private @Nullable Disk open(Metainfo torrent, Recheck.Meter meter) throws DownloadException {
    return options == null
        ? null
        : Disk.open(torrent, options, services.state(), meter, () -> closing);
  }

  private void opened(Metainfo torrent, @Nullable Disk disk) {
    PieceSet nothing = new PieceSet(torrent.pieceCount());
    PieceSet have = disk == null ? nothing : disk.have();
    var transfer =
        new Transfer(
            torrent.infoHash(),
            PieceLayout.of(torrent),
            have,
            disk == null ? nothing : disk.wanted(),
            TransferOptions.DEFAULTS,
            random.split());
    var desk = new TransferDesk(this, transfer, disk);
    transfers = desk;
    if (closing) {
      return;
    }
    publish(new TorrentEvent.Joined(have.count(), have.size()));
    if (transfer.isDone()) {
      desk.finished();
    }
  }

  /// A peer gave the magnet's metadata, and it is verified.
  void metadataArrived(byte[] info) {
    Metainfo read;
    try {
      read = Metainfo.ofInfo(info, subject.trackers());
    } catch (MalformedMessage e) {
      String why = "the magnet " + subject.name() + " leads to no torrent that can be used: ";
      fail(new DownloadException(DownloadException.Reason.BAD_TORRENT, why + e.getMessage()));
      return;
    }
    torrent = read;
    metadata.has(read);
    swarm.handle(new Swarm.Input.PrivacyKnown(privacy(read)));
    known.complete(read);
    publish(new TorrentEvent.MetadataArrived(read));
    swarm.sendHandshakes();
    Thread.ofVirtual().name("keep metadata").start(() -> services.metadata().keep(read));
    Thread.ofVirtual().name("open " + read.infoHash()).start(() -> openLate(read));
  }

  /// What is on disk is read while peers are listened to, so on a thread of its own.
  private void openLate(Metainfo torrent) {
    try {
      Disk disk = open(torrent, (checked, of) -> post(() -> checking(checked, of)));
      var opened = new Opened(torrent, disk);
      if (!post(opened)) {
        opened.refuse();
      }
    } catch (DownloadException e) {
      post(() -> fail(e));
    } catch (RuntimeException | Error bug) {
      post(() -> fail(bug(bug)));
      throw bug;
    }
  }

  private final class Opened implements Runnable {
    private final Metainfo torrent;
    private final @Nullable Disk disk;

    Opened(Metainfo torrent, @Nullable Disk disk) {
      this.torrent = torrent;
      this.disk = disk;
    }

    @Override
    public void run() {
      openedLate(torrent, disk);
    }

    /// The loop has ended.
    void refuse() {
      if (disk != null) {
        disk.close(disk.have());
      }
    }
  }

  private void openedLate(Metainfo torrent, @Nullable Disk disk) {
    opened(torrent, disk);
    TransferDesk desk = transfers().orElseThrow();
    for (Connection connection : List.copyOf(swarm.connections())) {
      EarlyWords words = metadata.take(connection.link());
      if (words != null && !connection.isClosed()) {
        desk.joinedLate(connection, words);
      }
    }
    if (desk.isSeed()) {
      swarm.sendHandshakes();
    }
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
    metadata.settle();
    swarm.settle();
    transfers().ifPresent(TransferDesk::settle);
    trackers.settle(left());
    dht.settle(left());
    lan.settle();
    memory.settle(now);
    housekeeping.settle(now, swarm.connections(), transfers);
  }

  private Duration waitTime() {
    Instant next = housekeeping.nextDeadline();
    for (Optional<Instant> deadline :
        List.of(
            swarm.nextDeadline(),
            transfers().flatMap(TransferDesk::nextDeadline),
            metadata.nextDeadline(),
            trackers.nextDeadline(),
            dht.nextDeadline())) {
      if (deadline.isPresent() && deadline.get().isBefore(next)) {
        next = deadline.get();
      }
    }
    return Duration.between(services.clock().instant(), next);
  }

  private long left() {
    Optional<TransferDesk> desk = transfers();
    if (options != null && desk.isPresent()) {
      return desk.get().machine().remainingBytes();
    }
    return torrent().map(Metainfo::totalLength).orElse(UNKNOWN_LEFT);
  }

  private void leave() {
    closing = true;
    List<Thread> goodbyes = trackers.stop();
    dht.stop();
    lan.stop();
    memory.leave();
    swarm.closeAll("we leave the swarm");
    transfers().ifPresent(TransferDesk::close);
    lastProgress = measure();
    var closed =
        new DownloadException(
            DownloadException.Reason.CLOSED, name() + " was closed before it was done");
    known.completeExceptionally(closed);
    done.completeExceptionally(closed);
    ended = true;
    for (Runnable late : inbox.close()) {
      if (late instanceof Arrival arrival) {
        arrival.refuse();
      } else if (late instanceof Opened opened) {
        opened.refuse();
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
        transfers().ifPresent(desk -> desk.arrived(connection.link(), block));
        swarm.supplied(connection);
      }
      case Connection.Arrived.OfMessage(Message.Extended(int id, byte[] payload)) ->
          swarm.extended(connection, id, payload);
      case Connection.Arrived.OfMessage(Message.Port(int udpPort)) ->
          dht.hasNode(connection, udpPort);
      case Connection.Arrived.OfMessage(Message message) ->
          transfers()
              .ifPresentOrElse(
                  desk -> desk.arrived(connection.link(), message),
                  () -> metadata.said(connection.link(), message));
    }
  }

  @Override
  public void store(Block block, ByteBuffer data) throws IOException {
    transfers().orElseThrow().store(block, data);
  }

  @Override
  public void load(Block block, ByteBuffer target) throws IOException {
    transfers().orElseThrow().load(block, target);
  }

  @Override
  public void served(Connection connection, List<Block> blocks) {
    post(
        () -> {
          transfers().ifPresent(desk -> desk.served(connection.link(), blocks));
          swarm.served(connection);
        });
  }

  @Override
  public void serveFailed(Connection connection, Block block, IOException why) {
    post(() -> transfers().ifPresent(desk -> desk.serveFailed(connection.link(), block)));
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
