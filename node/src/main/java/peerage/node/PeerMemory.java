package peerage.node;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import peerage.peers.InfoHash;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// The peers that earlier runs reached, so that a swarm can be entered again when its tracker is
/// dead. One small file for all torrents, which processes with the same state directory share: who
/// writes takes a lock, reads what the others wrote, adds its own, and puts a new file in the place
/// of the old one. So a crash at any moment leaves the one or the other.
///
/// It is a convenience: what cannot be read or written is as if nothing was remembered. Private
/// torrents never come here (BEP 27); the caller sees to that. Thread-safe.
final class PeerMemory {
  /// Peers that are remembered of a torrent: as many as we connect to.
  static final int MAX_PEERS = 100;

  /// Torrents that are remembered; the one that was left longest ago goes first (guess).
  static final int MAX_TORRENTS = 200;

  /// How long a peer is remembered: most addresses of homes change within days (guess).
  static final Duration KEPT = Duration.ofDays(7);

  /// A time further ahead than clocks go wrong was not written by us.
  private static final Duration CLOCK_ERROR = Duration.ofDays(1);

  /// A file that is longer is not ours: all torrents full of peers have 6 MB.
  private static final long MAX_FILE = 16L * 1024 * 1024;

  /// How long we wait for another process that writes; it needs some milliseconds.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private static final System.Logger LOG = System.getLogger("peerage.node");

  private static final Comparator<Remembered> LATEST_FIRST =
      Comparator.comparing(Remembered::lastSuccess).reversed().thenComparing(Remembered::address);

  private final @Nullable Path folder;
  private final InstantSource clock;
  private final ReentrantLock writing = new ReentrantLock(); // held while the disk is waited for
  private final ReentrantLock lock = new ReentrantLock();
  private final News news = new News(); // guarded by the second lock

  /// What is not written yet.
  private static final class News {
    private final Map<InfoHash, Map<PeerAddress, Remembered>> reached = new LinkedHashMap<>();
    private final Set<InfoHash> forgotten = new LinkedHashSet<>();

    boolean isEmpty() {
      return reached.isEmpty() && forgotten.isEmpty();
    }

    void add(InfoHash infoHash, Remembered peer) {
      var peers = reached.computeIfAbsent(infoHash, _ -> new LinkedHashMap<>());
      Remembered known = peers.remove(peer.address());
      peers.put(peer.address(), known == null ? peer : known.with(peer)); // as the latest
      if (peers.size() > MAX_PEERS) {
        peers.remove(peers.keySet().iterator().next());
      }
    }

    void forget(InfoHash infoHash) {
      reached.remove(infoHash);
      forgotten.add(infoHash);
    }

    News copy() {
      var copy = new News();
      reached.forEach((infoHash, peers) -> copy.reached.put(infoHash, new LinkedHashMap<>(peers)));
      copy.forgotten.addAll(forgotten);
      return copy;
    }

    void removeAll(News others) {
      forgotten.removeAll(others.forgotten);
      others.reached.forEach(
          (infoHash, peers) -> {
            Map<PeerAddress, Remembered> mine = reached.getOrDefault(infoHash, Map.of());
            peers.forEach(mine::remove);
            if (mine.isEmpty()) {
              reached.remove(infoHash);
            }
          });
    }
  }

  private PeerMemory(@Nullable Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /// The memory in a state directory.
  static PeerMemory of(Path stateDir) {
    return of(stateDir, InstantSource.system());
  }

  static PeerMemory of(Path stateDir, InstantSource clock) {
    return new PeerMemory(stateDir.toAbsolutePath(), clock);
  }

  /// A memory that keeps nothing.
  static PeerMemory none() {
    return new PeerMemory(null, InstantSource.system());
  }

  /// What is remembered of a torrent, the latest success first.
  List<Remembered> recall(InfoHash infoHash) {
    return merged(read(), copyNews()).getOrDefault(infoHash, List.of());
  }

  /// We are connected to who listens there.
  void reached(InfoHash infoHash, PeerAddress address, List<Origin> origins) {
    if (folder == null || origins.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      news.add(infoHash, new Remembered(address, clock.instant(), origins));
    } finally {
      lock.unlock();
    }
  }

  /// The torrent is private: nothing of it is kept, nor was it right to.
  void forget(InfoHash infoHash) {
    if (folder == null || !read().containsKey(infoHash)) {
      return;
    }
    lock.lock();
    try {
      news.forget(infoHash);
    } finally {
      lock.unlock();
    }
  }

  /// Writes what is new. What fails is tried again with the next call.
  void flush() {
    writing.lock();
    try {
      News written = copyNews();
      if (folder != null && !written.isEmpty()) {
        write(folder, written);
        settle(written);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "peers are not remembered", e);
    } finally {
      writing.unlock();
    }
  }

  private News copyNews() {
    lock.lock();
    try {
      return news.copy();
    } finally {
      lock.unlock();
    }
  }

  /// Drops what is written, but for what changed meanwhile.
  private void settle(News written) {
    lock.lock();
    try {
      news.removeAll(written);
    } finally {
      lock.unlock();
    }
  }

  private SequencedMap<InfoHash, List<Remembered>> read() {
    if (folder == null) {
      return new LinkedHashMap<>();
    }
    Path file = folder.resolve("peers");
    try {
      return Files.size(file) > MAX_FILE
          ? new LinkedHashMap<>()
          : RememberedCodec.decode(ByteBuffer.wrap(Files.readAllBytes(file)));
    } catch (NoSuchFileException _) {
      return new LinkedHashMap<>();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "remembered peers cannot be read", e);
      return new LinkedHashMap<>();
    }
  }

  /// What is on disk and what is new, within the bounds; the torrent of the latest success first.
  private SequencedMap<InfoHash, List<Remembered>> merged(
      Map<InfoHash, List<Remembered>> known, News news) {
    var all = new LinkedHashMap<InfoHash, Map<PeerAddress, Remembered>>();
    known.forEach((infoHash, peers) -> peers.forEach(peer -> add(all, infoHash, peer)));
    news.reached.forEach(
        (infoHash, peers) -> peers.values().forEach(peer -> add(all, infoHash, peer)));
    news.forgotten.forEach(all::remove);
    var kept = new LinkedHashMap<InfoHash, List<Remembered>>();
    all.forEach((infoHash, peers) -> kept.put(infoHash, best(peers)));
    kept.values().removeIf(List::isEmpty);
    var sorted = new LinkedHashMap<InfoHash, List<Remembered>>();
    kept.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.comparing(List::getFirst, LATEST_FIRST)))
        .limit(MAX_TORRENTS)
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private static void add(
      Map<InfoHash, Map<PeerAddress, Remembered>> all, InfoHash infoHash, Remembered peer) {
    all.computeIfAbsent(infoHash, _ -> new LinkedHashMap<>())
        .merge(peer.address(), peer, Remembered::with);
  }

  private List<Remembered> best(Map<PeerAddress, Remembered> peers) {
    Instant now = clock.instant();
    return peers.values().stream()
        .filter(peer -> !peer.lastSuccess().isBefore(now.minus(KEPT)))
        .filter(peer -> !peer.lastSuccess().isAfter(now.plus(CLOCK_ERROR)))
        .sorted(LATEST_FIRST)
        .limit(MAX_PEERS)
        .toList();
  }

  private void write(Path state, News news) throws IOException {
    Files.createDirectories(state);
    try (FileChannel guard = FileChannel.open(state.resolve("peers.lock"), CREATE, WRITE)) {
      await(guard);
      PrivateFile.replace(state.resolve("peers"), RememberedCodec.encode(merged(read(), news)));
    }
  }

  /// Closing the channel gives the lock back.
  private static void await(FileChannel guard) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isLocked(guard)) {
      if (System.nanoTime() > end) {
        throw new IOException("another process holds the lock");
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private static boolean isLocked(FileChannel guard) throws IOException {
    try {
      return guard.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false; // another node of this process
    }
  }
}
