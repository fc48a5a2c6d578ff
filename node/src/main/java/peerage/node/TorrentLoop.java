package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator.SplittableGenerator;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.pex.UtPex;
import peerage.pieces.LinkSnapshot;
import peerage.pieces.PieceLayout;
import peerage.pieces.PieceSet;
import peerage.pieces.Transfer;
import peerage.pieces.TransferOptions;
import peerage.swarm.DialFailure;
import peerage.swarm.Direction;
import peerage.swarm.Privacy;
import peerage.swarm.Swarm;
import peerage.swarm.SwarmEvent;
import peerage.swarm.SwarmOptions;
import peerage.wire.Block;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;
import peerage.wire.Message;
import peerage.wire.Metainfo;

/// Drives the machines of one torrent: one virtual thread that owns them all, with a bounded inbox.
/// Connections, dials and tracker requests run on threads of their own and post what happened.
final class TorrentLoop implements Listener.Host, Connection.Content {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
  private static final int MAX_BATCH = 256;

  private final Services services;
  private final Metainfo torrent;
  private final @Nullable DownloadOptions options;
  private final int port;
  private final PeerId ourId;
  private final SplittableGenerator random = Services.newRandom();
  private final Inbox inbox = new Inbox();
  private final Traffic traffic = new Traffic();
  private final Swarm swarm;
  private final TrackerDesk trackers;
  private final Housekeeping housekeeping;
  private final CompletableFuture<Path> done = new CompletableFuture<>();
  private final CopyOnWriteArrayList<Consumer<TorrentEvent>> listeners =
      new CopyOnWriteArrayList<>();
  private final LinkedHashMap<Link, Connection> connections = new LinkedHashMap<>();
  private @Nullable Disk disk;
  private @Nullable Transfer transfer;
  private @Nullable Thread thread;
  private int links;
  private Instant now;
  private Optional<Instant> swarmDeadline = Optional.empty();
  private boolean swarmTouched;
  private volatile boolean closing;
  private volatile boolean ended;
  private volatile Progress lastProgress;

  /// @param options empty to watch only
  /// @param port where the [Listener] listens
  TorrentLoop(Services services, Metainfo torrent, Optional<DownloadOptions> options, int port) {
    this.services = services;
    this.torrent = torrent;
    this.options = options.orElse(null);
    this.port = port;
    this.now = services.clock().instant();
    this.ourId = PeerId.ours(random.split());
    int maxPeers = options.map(DownloadOptions::maxPeers).orElse(SwarmOptions.DEFAULT.maxPeers());
    this.swarm =
        new Swarm(
            ourId,
            port,
            torrent.isPrivate() ? Privacy.PRIVATE : Privacy.PUBLIC,
            SwarmOptions.DEFAULT.withMaxPeers(maxPeers),
            random.split());
    this.trackers = new TrackerDesk(this, services, torrent, traffic, ourId, port, random.split());
    this.housekeeping = new Housekeeping(traffic);
    this.lastProgress = housekeeping.measure(Progress.State.CHECKING, torrent, null, null, swarm);
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

  void give(PeerAddress peer) {
    inbox.post(() -> heard(List.of(peer), new Origin.Given(), Optional.empty()));
  }

  boolean isEnded() {
    return ended;
  }

  Progress progress() {
    Progress last = inbox.ask(() -> measure(state()), lastProgress);
    return ended ? lastProgress : last;
  }

  private Progress.State state() {
    if (transfer == null) {
      return Progress.State.CHECKING;
    }
    return transfer.isDone() ? Progress.State.SEEDING : Progress.State.DOWNLOADING;
  }

  List<PeerReport> reports() {
    return inbox.ask(() -> PeerReports.all(swarm, links()), List.of());
  }

  /// The report of one peer, for listeners: on the loop's own thread.
  Optional<PeerReport> reportNow(Link link) {
    return PeerReports.one(link, swarm, links());
  }

  private List<LinkSnapshot> links() {
    return transfer == null ? List.of() : transfer.links(now);
  }

  private Progress measure(Progress.State state) {
    return housekeeping.measure(state, torrent, disk, transfer, swarm);
  }

  /// Leaves the swarm; waits until that is done, two seconds at most.
  void close() {
    closing = true;
    inbox.post(() -> {});
    Thread running = thread;
    if (running != null && running != Thread.currentThread()) {
      try {
        running.join(CLOSE_LIMIT);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
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
    if (options != null) {
      Disk opened =
          Disk.open(
              torrent,
              options,
              services.state(),
              (checked, of) -> publish(new TorrentEvent.Checking(checked, of)),
              () -> closing);
      disk = opened;
      have = opened.have();
      wanted = opened.wanted();
    }
    if (closing) {
      return false;
    }
    now = services.clock().instant();
    transfer =
        new Transfer(
            torrent.infoHash(),
            PieceLayout.of(torrent),
            have,
            wanted,
            TransferOptions.DEFAULTS,
            random.split());
    publish(new TorrentEvent.Joined(have.count(), have.size()));
    if (disk != null && transfer.isDone()) {
      finished();
    }
    trackers.start(left());
    return true;
  }

  private void step() throws InterruptedException {
    Runnable task = inbox.next(waitTime());
    now = services.clock().instant();
    for (int i = 0; task != null && !closing; i++) {
      task.run();
      task = i < MAX_BATCH ? inbox.next() : null;
    }
    settle();
  }

  private Duration waitTime() {
    Instant next = housekeeping.nextDeadline(now);
    for (Optional<Instant> deadline :
        List.of(swarmDeadline, machine().nextDeadline(), trackers.nextDeadline())) {
      if (deadline.isPresent() && deadline.get().isBefore(next)) {
        next = deadline.get();
      }
    }
    return Duration.between(services.clock().instant(), next);
  }

  /// After each batch: what was learned in it is told, and deadlines that have passed are served.
  private void settle() {
    if (swarmTouched || isDue(swarmDeadline)) {
      swarm(new Swarm.Input.Tick());
      swarmTouched = false;
      swarmDeadline = swarm.nextDeadline();
    }
    if (isDue(machine().nextDeadline())) {
      transfer(new Transfer.Input.Tick());
    }
    trackers.tick(now, left());
    if (housekeeping.isDue(now)) {
      housekeeping.run(now, connections.values(), disk, machine());
    }
  }

  private boolean isDue(Optional<Instant> deadline) {
    return deadline.isPresent() && !deadline.get().isAfter(now);
  }

  private Transfer machine() {
    if (transfer == null) {
      throw new IllegalStateException("not joined yet");
    }
    return transfer;
  }

  private long left() {
    return options == null ? torrent.totalLength() : machine().remainingBytes();
  }

  private void fail(DownloadException why) {
    closing = true;
    done.completeExceptionally(why);
    publish(new TorrentEvent.Failed(why));
  }

  private void leave() {
    closing = true;
    trackers.stop();
    connections.values().forEach(connection -> connection.close("we leave the swarm"));
    if (disk != null) {
      disk.close(transfer == null ? disk.have() : transfer.have());
    }
    lastProgress = measure(Progress.State.ENDED);
    done.completeExceptionally(
        new DownloadException(
            DownloadException.Reason.CLOSED, torrent.name() + " was closed before it was done"));
    ended = true;
    inbox.close();
  }

  void publish(TorrentEvent event) {
    listeners.forEach(listener -> listener.accept(event));
  }

  // The swarm machine

  void post(Runnable task) {
    inbox.post(task);
  }

  void heard(List<PeerAddress> addresses, Origin origin, Optional<IpAddress> source) {
    swarm(new Swarm.Input.Heard(addresses, origin, source));
  }

  private void swarm(Swarm.Input input) {
    swarmTouched = true;
    swarm.handle(input, now).forEach(this::obey);
  }

  private void obey(Swarm.Output output) {
    switch (output) {
      case Swarm.Output.Dial(PeerAddress address) -> dial(address);
      case Swarm.Output.Close(Link link, String reason) -> close(link, reason);
      case Swarm.Output.SendPex(Link link, int id, var message) ->
          connection(link)
              .ifPresent(
                  connection ->
                      connection.send(
                          new Message.Extended(id, UtPex.encode(message)),
                          () -> inbox.post(() -> swarm(new Swarm.Input.PexFlushed(link)))));
      case Swarm.Output.Happened(SwarmEvent event) -> publish(new TorrentEvent.OfSwarm(event));
    }
  }

  private Optional<Connection> connection(Link link) {
    return Optional.ofNullable(connections.get(link));
  }

  private void close(Link link, String reason) {
    connection(link).ifPresent(connection -> connection.close(reason));
  }

  private void dial(PeerAddress address) {
    services
        .dialler()
        .dial(
            address,
            handshake(),
            new Dialler.Outcome() {
              @Override
              public void connected(SocketChannel channel, Handshake theirs) {
                inbox.post(() -> opened(channel, Direction.OUTGOING, address, theirs));
              }

              @Override
              public void failed(DialFailure why) {
                inbox.post(() -> swarm(new Swarm.Input.DialFailed(address, why)));
              }
            });
  }

  @Override
  public Handshake handshake() {
    return Handshake.ours(torrent.infoHash(), ourId);
  }

  @Override
  public void incoming(SocketChannel channel, PeerAddress remote, Handshake theirs) {
    if (ended) {
      Handshaking.closeQuietly(channel);
    }
    inbox.post(() -> opened(channel, Direction.INCOMING, remote, theirs));
  }

  private void opened(
      SocketChannel channel, Direction direction, PeerAddress remote, Handshake theirs) {
    var link = new Link(++links);
    var lines = new Connection.Lines(services.pool(), services.down(), services.up(), traffic);
    var connection =
        new Connection(channel, link, direction, remote, theirs, this, lines, torrent.pieceCount());
    connections.put(link, connection);
    swarm(new Swarm.Input.Connected(link, direction, remote, theirs));
    if (connection.isClosed()) {
      connections.remove(link);
      return;
    }
    greet(connection);
    connection.start();
  }

  private void greet(Connection connection) {
    Handshake theirs = connection.handshake();
    if (theirs.supports(Handshake.EXTENSIONS)) {
      connection.send(new Message.Extended(ExtensionHandshake.ID, extensionHandshake(connection)));
    } else {
      publish(
          new TorrentEvent.OfSwarm(
              new SwarmEvent.Introduced(connection.link(), connection.remote(), Optional.empty())));
    }
    var fast = theirs.supports(Handshake.FAST) ? Transfer.Fast.YES : Transfer.Fast.NO;
    transfer(new Transfer.Input.PeerJoined(connection.link(), fast, connection.remote().ip()));
  }

  private byte[] extensionHandshake(Connection connection) {
    boolean seeding = disk != null && machine().have().isFull();
    return ExtensionHandshake.ours(
            swarm.extensions(),
            OptionalInt.of(port),
            Transfer.REQUEST_QUEUE,
            connection.remote(),
            seeding ? Optional.of(true) : Optional.empty())
        .encode();
  }

  // What connections say, on their own threads

  @Override
  public void arrived(Connection connection, List<Connection.Arrived> messages) {
    inbox.post(() -> messages.forEach(message -> onArrived(connection, message)));
  }

  @Override
  public void store(Block block, ByteBuffer data) throws IOException {
    if (disk != null) {
      disk.write(block, data);
    }
  }

  @Override
  public void load(Block block, ByteBuffer target) throws IOException {
    if (disk == null) {
      throw new IOException("a watched swarm has no content");
    }
    disk.read(block, target);
  }

  @Override
  public void served(Connection connection, List<Block> blocks) {
    inbox.post(
        () ->
            blocks.forEach(block -> transfer(new Transfer.Input.Served(connection.link(), block))));
  }

  @Override
  public void serveFailed(Connection connection, Block block, IOException why) {
    inbox.post(
        () -> {
          transfer(new Transfer.Input.PieceLost(block.piece()));
          transfer(new Transfer.Input.ServeFailed(connection.link(), block));
        });
  }

  @Override
  public void storeFailed(IOException why) {
    inbox.post(() -> fail(Disk.failure(why)));
  }

  @Override
  public void gone(Connection connection, String reason) {
    inbox.post(
        () -> {
          if (connections.remove(connection.link()) != null) {
            transfer(new Transfer.Input.PeerLeft(connection.link()));
            swarm(new Swarm.Input.Disconnected(connection.link(), reason));
          }
        });
  }

  // What they mean

  private void onArrived(Connection connection, Connection.Arrived arrived) {
    if (connection.isClosed()) {
      return;
    }
    Link link = connection.link();
    switch (arrived) {
      case Connection.Arrived.OfBlock(Block block) ->
          transfer(new Transfer.Input.BlockArrived(link, block));
      case Connection.Arrived.OfMessage(Message.Extended(int id, byte[] payload)) ->
          onExtended(connection, id, payload);
      case Connection.Arrived.OfMessage(Message message) -> {
        transfer(new Transfer.Input.Received(link, message));
        noticeSeed(link, message);
      }
    }
  }

  private void onExtended(Connection connection, int id, byte[] payload) {
    if (id == Swarm.PEX_ID) {
      swarm(new Swarm.Input.PexArrived(connection.link(), payload));
    } else if (id == ExtensionHandshake.ID) {
      try {
        var handshake = ExtensionHandshake.decode(payload);
        handshake
            .requestQueue()
            .ifPresent(size -> transfer(new Transfer.Input.RequestQueue(connection.link(), size)));
        swarm(new Swarm.Input.ExtensionHandshaken(connection.link(), handshake));
      } catch (MalformedMessage e) {
        connection.close("sent a malformed extension handshake: " + e.getMessage());
      }
    }
  }

  private void noticeSeed(Link link, Message message) {
    boolean mayBeSeed =
        message instanceof Message.HaveAll
            || message instanceof Message.Bitfield
            || message instanceof Message.Have;
    if (mayBeSeed && machine().isSeed(link)) {
      swarm(new Swarm.Input.SeedSeen(link));
    }
  }

  // The transfer machine

  private void transfer(Transfer.Input input) {
    for (Transfer.Output output : machine().handle(input, now)) {
      obey(output);
    }
  }

  private void obey(Transfer.Output output) {
    switch (output) {
      case Transfer.Output.Send(Link link, Message message) ->
          connection(link).ifPresent(connection -> connection.send(message));
      case Transfer.Output.Serve(Link link, Block block) ->
          connection(link).ifPresent(connection -> connection.serve(block));
      case Transfer.Output.ForgetRequests(Link link) ->
          connection(link).ifPresent(Connection::forgetRequests);
      case Transfer.Output.Check(int piece) -> check(piece);
      case Transfer.Output.PieceDone(int piece) -> publish(new TorrentEvent.PieceDone(piece));
      case Transfer.Output.PieceRefused(int piece, var _) ->
          publish(new TorrentEvent.PieceRefused(piece));
      case Transfer.Output.Finished() -> finished();
      case Transfer.Output.Close(Link link, String reason) -> expel(link, reason);
      case Transfer.Output.Counted _ -> {}
    }
  }

  private void expel(Link link, String reason) {
    if (reason.equals(Transfer.BAD_PIECE)) {
      swarm(new Swarm.Input.Banned(link, reason));
    }
    close(link, reason);
  }

  private void check(int piece) {
    Disk content = disk;
    if (content == null) {
      return;
    }
    Optional<Boolean> verdict = content.check(piece);
    if (verdict.isPresent()) {
      checked(piece, verdict.get());
      return;
    }
    Thread.ofVirtual()
        .name("check " + piece)
        .start(
            () -> {
              try {
                boolean good = content.checkByReading(piece);
                inbox.post(() -> checked(piece, good));
              } catch (DownloadException e) {
                inbox.post(() -> fail(e));
              }
            });
  }

  private void checked(int piece, boolean good) {
    Disk content = disk;
    if (content == null) {
      return;
    }
    try {
      content.settle(piece, good);
    } catch (DownloadException e) {
      fail(e);
      return;
    }
    transfer(
        new Transfer.Input.PieceChecked(
            piece, good ? Transfer.Verdict.GOOD : Transfer.Verdict.BAD));
  }

  private void finished() {
    Disk content = disk;
    if (content == null || options == null) {
      return;
    }
    content.checkpoint(machine().have());
    trackers.completed();
    done.complete(options.directory().resolve(torrent.name()));
    publish(new TorrentEvent.Finished());
  }
}
