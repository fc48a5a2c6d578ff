package peerage.node;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import peerage.announce.SwarmFigures;
import peerage.dht.DhtOptions;
import peerage.dht.DhtStatus;
import peerage.peers.AddressFilter;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;

/// One participant of any number of swarms: one listening port, its threads and its limits.
///
/// ```java
/// try (var node = Peerage.open();
///     var download = node.download(Path.of("debian.torrent"), Path.of("/srv/iso"))) {
///   System.out.println(download.await());
/// }
/// ```
///
/// Closing it leaves all swarms politely. Thread-safe.
public final class Peerage implements AutoCloseable {
  /// Where we listen if nobody says otherwise: Transmission's port, which many a router lets
  /// through.
  public static final int DEFAULT_PORT = 51413;

  /// Where the public DHT is entered if nobody says otherwise: several, for each of them was down
  /// at some time.
  public static final List<String> DHT_ROUTERS =
      List.of(
          "router.bittorrent.com:6881",
          "dht.transmissionbt.com:6881",
          "router.utorrent.com:6881",
          "dht.libtorrent.org:25401",
          "router.silotis.us:6881");

  private final Services services;
  private final Listener listener;
  private final ConcurrentHashMap<InfoHash, TorrentLoop> loops = new ConcurrentHashMap<>();

  private Peerage(Builder builder) throws IOException {
    @Nullable IpAddress local = builder.local;
    var alarm = new Alarm();
    try {
      listener = Listener.open(local, builder.port, alarm, this::host);
    } catch (IOException e) {
      alarm.close();
      throw cannotListen(local, e);
    }
    services = services(builder, alarm, listener.port(), udpBeside(listener, local, alarm));
  }

  /// Our UDP port has the number of the TCP one if it can.
  private static UdpPort udpBeside(Listener listener, @Nullable IpAddress local, Alarm alarm)
      throws IOException {
    try {
      return UdpPort.open(local, listener.port());
    } catch (IOException e) {
      listener.close();
      alarm.close();
      throw cannotListen(local, e);
    }
  }

  private static IOException cannotListen(@Nullable IpAddress local, IOException why) {
    String where = local == null ? "any address" : local.toString();
    return new IOException("cannot listen on " + where + ": " + why.getMessage(), why);
  }

  private static Services services(Builder builder, Alarm alarm, int port, UdpPort udp) {
    @Nullable IpAddress local = builder.local;
    var clock = new MonotonicClock();
    return new Services(
        clock,
        alarm,
        new Dialler(alarm, local),
        new Trackers(new TrackerClient(local), new UdpTrackers(udp, clock)),
        new BufferPool(),
        new RateLimiter(builder.down),
        new RateLimiter(builder.up),
        new OwnIps(local == null ? Addresses.ofThisMachine() : List.of(local)),
        new AtomicReference<>(new Filters(builder.connect, builder.share)),
        builder.state,
        builder.remembers ? PeerMemory.of(builder.state) : PeerMemory.none(),
        builder.discovery(),
        udp,
        dht(builder, udp, clock),
        builder.lan ? Optional.of(new LanPort(local, port, clock)) : Optional.empty(),
        new MetadataStore(builder.state));
  }

  private static Optional<DhtLoop> dht(Builder builder, UdpPort udp, MonotonicClock clock) {
    Discovery discovery = builder.discovery();
    DhtMemory memory = builder.remembers ? DhtMemory.of(builder.state) : DhtMemory.none();
    return discovery.dht()
        ? Optional.of(new DhtLoop(udp, clock, memory, discovery.dhtRouters(), DhtOptions.DEFAULT))
        : Optional.empty();
  }

  private Optional<TorrentLoop> host(InfoHash infoHash) {
    return Optional.ofNullable(loops.get(infoHash)).filter(loop -> !loop.isEnded());
  }

  /// Opens with the defaults.
  ///
  /// @throws IOException if no port can be listened on
  public static Peerage open() throws IOException {
    return builder().open();
  }

  /// For everything that has a default.
  public static Builder builder() {
    return new Builder();
  }

  /// The port that we listen on: the preferred one unless that was taken.
  public int port() {
    return listener.port();
  }

  /// Downloads a torrent from a file into a directory, with the defaults.
  ///
  /// @throws DownloadException if the file is no torrent
  public Download download(Path torrentFile, Path directory) throws DownloadException {
    return download(TorrentSource.read(torrentFile), DownloadOptions.into(directory));
  }

  /// Downloads or seeds a torrent. Starts at once; what goes wrong is said by [Download#await()].
  ///
  /// @throws IllegalStateException if it is running here already
  public Download download(Metainfo torrent, DownloadOptions options) {
    return download(torrent, options, _ -> {});
  }

  /// Downloads or seeds a torrent, with a listener that misses nothing from the start on; see
  /// [Membership#onEvent(Consumer)].
  ///
  /// @throws IllegalStateException if it is running here already
  public Download download(
      Metainfo torrent, DownloadOptions options, Consumer<TorrentEvent> listener) {
    return new Download(join(Subject.of(torrent), Optional.of(options), listener));
  }

  /// Downloads what a magnet link names into a directory, with the defaults.
  ///
  /// @param magnet a link, or an info-hash in hex
  /// @throws DownloadException if it names no torrent
  public Download download(String magnet, Path directory) throws DownloadException {
    return download(TorrentSource.magnet(magnet), DownloadOptions.into(directory));
  }

  /// Downloads what a magnet names. Starts at once, with the metadata, which is fetched from peers
  /// unless an earlier run has; what goes wrong is said by [Download#await()].
  ///
  /// @throws IllegalStateException if it is running here already
  public Download download(Magnet magnet, DownloadOptions options) {
    return download(magnet, options, _ -> {});
  }

  /// Downloads what a magnet names, with a listener that misses nothing from the start on; see
  /// [Membership#onEvent(Consumer)].
  ///
  /// @throws IllegalStateException if it is running here already
  public Download download(
      Magnet magnet, DownloadOptions options, Consumer<TorrentEvent> listener) {
    return new Download(join(subject(magnet), Optional.of(options), listener));
  }

  /// Watches a swarm, with the torrent from a file.
  ///
  /// @throws DownloadException if the file is no torrent
  public Watch watch(Path torrentFile) throws DownloadException {
    return watch(TorrentSource.read(torrentFile));
  }

  /// Watches a swarm: discovers and verifies peers, downloads nothing.
  ///
  /// @throws IllegalStateException if it is running here already
  public Watch watch(Metainfo torrent) {
    return watch(torrent, _ -> {});
  }

  /// Watches a swarm, with a listener that misses nothing from the start on; see
  /// [Membership#onEvent(Consumer)].
  ///
  /// @throws IllegalStateException if it is running here already
  public Watch watch(Metainfo torrent, Consumer<TorrentEvent> listener) {
    return new Watch(join(Subject.of(torrent), Optional.empty(), listener));
  }

  /// Watches the swarm that a magnet names, and fetches its metadata.
  ///
  /// @throws IllegalStateException if it is running here already
  public Watch watch(Magnet magnet) {
    return watch(magnet, _ -> {});
  }

  /// Watches the swarm that a magnet names, with a listener that misses nothing from the start on;
  /// see [Membership#onEvent(Consumer)].
  ///
  /// @throws IllegalStateException if it is running here already
  public Watch watch(Magnet magnet, Consumer<TorrentEvent> listener) {
    return new Watch(join(subject(magnet), Optional.empty(), listener));
  }

  private Subject subject(Magnet magnet) {
    return Subject.of(magnet, services.metadata().find(magnet).orElse(null));
  }

  private TorrentLoop join(
      Subject subject, Optional<DownloadOptions> options, Consumer<TorrentEvent> listener) {
    var loop = new TorrentLoop(services, subject, options, port(), listener);
    TorrentLoop other =
        loops.merge(subject.infoHash(), loop, (old, fresh) -> old.isEnded() ? fresh : old);
    if (other != loop) {
      throw new IllegalStateException(subject.name() + " is running already");
    }
    loop.start();
    return loop;
  }

  /// How our part in the DHT does; empty if we take none, or no torrent has needed it so far.
  public Optional<DhtStatus> dht() {
    return services.dht().flatMap(DhtLoop::status);
  }

  /// Asks a tracker how big swarms are, in which we need not be. Blocks until it answers.
  ///
  /// @param tracker its announce URL: `udp:`, `http:` or `https:`
  /// @param infoHashes which swarms: 1 to [peerage.announce.ScrapeRequest#MAX_HASHES]
  /// @return the figures of those that it knows
  /// @throws TrackerFailure if it gives none, in one sentence
  public SequencedMap<InfoHash, SwarmFigures> scrape(String tracker, List<InfoHash> infoHashes)
      throws TrackerFailure {
    return services.trackers().scrape(tracker, infoHashes, Trackers.ANSWER_LIMIT);
  }

  /// With which addresses there may be connections, for all torrents, from now on: others are
  /// neither dialled nor let in, and closed if they are connected.
  public void connect(AddressFilter filter) {
    filter(before -> new Filters(filter, before.share()));
  }

  /// Which addresses may be told to other peers, for all torrents, from now on. Who has been told
  /// of another hears with the next message that it is gone.
  public void share(AddressFilter filter) {
    filter(before -> new Filters(before.connect(), filter));
  }

  private void filter(UnaryOperator<Filters> change) {
    services.filters().updateAndGet(change);
    loops.values().forEach(TorrentLoop::filtersChanged);
  }

  /// Limits what comes in, for all torrents together.
  ///
  /// @param bytesPerSecond 0 for no limit
  public void limitDown(long bytesPerSecond) {
    services.down().limit(bytesPerSecond);
  }

  /// Limits content that goes out, for all torrents together.
  ///
  /// @param bytesPerSecond 0 for no limit
  public void limitUp(long bytesPerSecond) {
    services.up().limit(bytesPerSecond);
  }

  @Override
  public void close() {
    listener.close();
    List<Thread> closers =
        loops.values().stream()
            .map(loop -> Thread.ofVirtual().name("close").start(loop::close))
            .toList();
    for (Thread closer : closers) {
      try {
        closer.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    services.trackers().close();
    services.dht().ifPresent(DhtLoop::close);
    services.lan().ifPresent(LanPort::close);
    services.udp().close();
    services.memory().flush();
    services.alarm().close();
  }

  /// What has a default.
  public static final class Builder {
    private int port = DEFAULT_PORT;
    private @Nullable IpAddress local;
    private Path state = StateDirectory.standard();
    private boolean remembers = true;
    private boolean dht = true;
    private @Nullable List<String> dhtRouters;
    private boolean lan = true;
    private AddressFilter connect = AddressFilter.ALL;
    private AddressFilter share = AddressFilter.ALL;
    private long down;
    private long up;

    private Builder() {}

    /// Where to listen: if that port is taken, on the next free one of the twenty above it, else on
    /// any. 0 for any. Default [Peerage#DEFAULT_PORT].
    public Builder port(int preferred) {
      port = NearbyPort.checked(preferred);
      return this;
    }

    /// The address to listen on, and to dial and announce from. Default: all.
    public Builder address(InetAddress bind) {
      local = bind.isAnyLocalAddress() ? null : Addresses.toIp(bind);
      return this;
    }

    /// Where progress is kept. Default: `$XDG_STATE_HOME/peerage`, else `~/.local/state/peerage`.
    public Builder state(Path directory) {
      state = directory;
      return this;
    }

    /// Neither remembers the peers that were reached, for a later start, nor uses those that are
    /// remembered. Default: it does both, for public torrents.
    public Builder withoutMemory() {
      remembers = false;
      return this;
    }

    /// Takes no part in the DHT. Default: it does, for torrents that are not private.
    public Builder withoutDht() {
      dht = false;
      return this;
    }

    /// Where to enter the DHT, beside the nodes that are remembered: `host:port` each. Default: the
    /// public ones of [Peerage#DHT_ROUTERS]; on a loopback address none.
    public Builder dhtRouters(List<String> hosts) {
      dhtRouters = List.copyOf(hosts);
      return this;
    }

    /// Neither looks for peers on the local network nor announces itself there. Default: it does,
    /// for torrents that are not private, unless it is bound to a loopback address.
    public Builder withoutLan() {
      lan = false;
      return this;
    }

    private Discovery discovery() {
      List<String> routers = dhtRouters == null ? DhtRouters.standard(local) : dhtRouters;
      boolean loopback = local != null && local.isLoopback();
      return new Discovery(dht, routers, lan && !loopback);
    }

    /// See [Peerage#connect(AddressFilter)]. Default: all addresses.
    public Builder connect(AddressFilter filter) {
      connect = filter;
      return this;
    }

    /// See [Peerage#share(AddressFilter)]. Default: all addresses.
    public Builder share(AddressFilter filter) {
      share = filter;
      return this;
    }

    /// See [Peerage#limitDown(long)]. Default: no limit.
    public Builder limitDown(long bytesPerSecond) {
      down = bytesPerSecond;
      return this;
    }

    /// See [Peerage#limitUp(long)]. Default: no limit.
    public Builder limitUp(long bytesPerSecond) {
      up = bytesPerSecond;
      return this;
    }

    /// Opens.
    ///
    /// @throws IOException if no port can be listened on
    public Peerage open() throws IOException {
      return new Peerage(this);
    }
  }
}
