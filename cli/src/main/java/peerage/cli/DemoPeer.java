package peerage.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import peerage.node.Download;
import peerage.node.DownloadOptions;
import peerage.node.Peerage;
import peerage.node.Progress;
import peerage.node.TorrentEvent;
import peerage.peers.IpAddress;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.swarm.Direction;
import peerage.swarm.SwarmEvent;
import peerage.wire.Metainfo;

/// One of the demo's peers: a whole client, and a note of whom it heard of, and when.
final class DemoPeer implements AutoCloseable {
  /// When and from whom a peer was heard of first.
  ///
  /// @param at nanoseconds, by [System#nanoTime()]
  record Heard(long at, Origin origin) {}

  private final Peerage peerage;
  private final Download download;
  private final PeerAddress address;
  private final Path directory;
  private final long begun = System.nanoTime();
  private final Map<PeerAddress, Heard> heard = new LinkedHashMap<>();
  private final Map<PeerAddress, Long> connected = new LinkedHashMap<>();
  private Optional<String> trackerFailure = Optional.empty();
  private long completeAt;

  private DemoPeer(Peerage peerage, InetAddress bind, Metainfo torrent, Path directory) {
    this.peerage = peerage;
    this.address = new PeerAddress(IpAddress.of(bind.getAddress()), peerage.port());
    this.directory = directory;
    this.download = peerage.download(torrent, DownloadOptions.into(directory), this::happened);
    var _ = this.download.done().thenRun(this::complete);
  }

  /// Starts one.
  ///
  /// @param home a folder of its own, for its files and its state
  /// @param upLimit bytes per second, 0 for no limit
  static DemoPeer start(InetAddress bind, Metainfo torrent, Path home, long upLimit)
      throws IOException {
    Peerage peerage =
        Peerage.builder()
            .withoutDht()
            .withoutLan()
            .address(bind)
            .port(Peerage.DEFAULT_PORT)
            .state(home.resolve("state"))
            .limitUp(upLimit)
            .open();
    return new DemoPeer(peerage, bind, torrent, home.resolve("files"));
  }

  private synchronized void happened(TorrentEvent event) {
    long now = System.nanoTime();
    if (event instanceof TorrentEvent.OfSwarm(SwarmEvent swarm)) {
      note(swarm, now);
    } else if (event instanceof TorrentEvent.TrackerFailed failed) {
      trackerFailure = trackerFailure.or(() -> Optional.of(failed.why()));
    }
  }

  private void note(SwarmEvent event, long now) {
    if (event instanceof SwarmEvent.Heard(PeerAddress candidate, Origin origin)) {
      heard.putIfAbsent(candidate, new Heard(now, origin));
    } else if (event instanceof SwarmEvent.Connected outgoing
        && outgoing.direction() == Direction.OUTGOING) {
      meet(outgoing.peer(), outgoing.origins().getFirst(), now);
    } else if (event instanceof SwarmEvent.Introduced introduced) {
      meet(introduced.peer(), new Origin.Incoming(), now);
    }
  }

  private void meet(PeerAddress peer, Origin origin, long now) {
    heard.putIfAbsent(peer, new Heard(now, origin));
    connected.putIfAbsent(peer, now);
  }

  private synchronized void complete() {
    completeAt = System.nanoTime();
  }

  PeerAddress address() {
    return address;
  }

  /// Where its file is.
  Path file() {
    return directory.resolve(download.name());
  }

  /// When it started, by [System#nanoTime()].
  long begun() {
    return begun;
  }

  /// Of whom it heard so far, the first first.
  synchronized Map<PeerAddress, Heard> heard() {
    return new LinkedHashMap<>(heard);
  }

  /// With whom it was ever connected, and since when.
  synchronized Map<PeerAddress, Long> connected() {
    return new LinkedHashMap<>(connected);
  }

  boolean isConnectedTo(List<PeerAddress> others) {
    return connected().keySet().containsAll(others);
  }

  /// Why the tracker did not help it, if it was asked and did not.
  synchronized Optional<String> trackerFailure() {
    return trackerFailure;
  }

  /// When it had the file, by [System#nanoTime()].
  synchronized long completeAt() {
    return completeAt;
  }

  boolean isComplete() {
    return download.done().isDone() && !download.done().isCompletedExceptionally();
  }

  /// Why it cannot go on, if it cannot.
  Optional<String> failure() {
    return download.done().isCompletedExceptionally()
        ? Optional.of(String.valueOf(download.done().exceptionNow().getMessage()))
        : Optional.empty();
  }

  Progress progress() {
    return download.progress();
  }

  void tell(PeerAddress peer) {
    download.tell(peer);
  }

  @Override
  public void close() {
    peerage.close();
  }
}
