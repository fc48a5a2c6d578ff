package peerage.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import peerage.node.Download;
import peerage.node.Progress;
import peerage.node.TorrentEvent;
import peerage.peers.InfoHash;
import peerage.swarm.SwarmEvent;
import peerage.wire.Metainfo;

/// One torrent of a running command.
final class Job {
  /// How far it came.
  enum Stage {
    /// Something is missing.
    UNFINISHED,
    /// Complete, and seeding.
    COMPLETE,
    /// Complete, and left.
    DONE,
    /// Left before it was complete.
    FAILED
  }

  private final String source;
  private final Path directory;
  private final Download download;
  private final Instant started;
  private Progress progress;
  private Stage stage = Stage.UNFINISHED;
  private ExitCode exit = ExitCode.OK;
  private boolean metPeers;
  private Instant moved;
  private Instant completed;

  Job(String source, Path directory, Download download, Instant now) {
    this.source = source;
    this.directory = directory;
    this.download = download;
    this.started = now;
    this.moved = now;
    this.completed = now;
    this.progress = download.progress();
  }

  /// What the user called it.
  String source() {
    return source;
  }

  /// Where it is put.
  Path directory() {
    return directory;
  }

  /// Empty as long as the metadata of a magnet is not here.
  Optional<Metainfo> torrent() {
    return download.torrent();
  }

  /// Whether the DHT may hear of it, as far as is known (BEP 27).
  boolean mayUseDht() {
    return torrent().stream().noneMatch(Metainfo::isPrivate);
  }

  String name() {
    return download.name();
  }

  InfoHash infoHash() {
    return download.infoHash();
  }

  Download download() {
    return download;
  }

  /// How it stood when last looked at.
  Progress progress() {
    return progress;
  }

  Stage stage() {
    return stage;
  }

  ExitCode exit() {
    return exit;
  }

  /// Whether a peer was ever verified.
  boolean metPeers() {
    return metPeers;
  }

  /// How long it has been running.
  Duration age(Instant now) {
    return Duration.between(started, now);
  }

  /// How long it took to become complete.
  Duration took() {
    return Duration.between(started, completed);
  }

  /// How long nothing has come.
  Duration idle(Instant now) {
    return Duration.between(moved, now);
  }

  /// How long it has been complete.
  Duration seeding(Instant now) {
    return Duration.between(completed, now);
  }

  /// Bytes sent in this run over the size of what is wanted.
  double ratio() {
    return progress.total() == 0 ? 0 : (double) progress.uploaded() / progress.total();
  }

  /// Announces to trackers that peer exchange made needless.
  long savedAnnounces() {
    return download.pex().savedAnnounces();
  }

  void see(TorrentEvent event) {
    if (event instanceof TorrentEvent.OfSwarm(SwarmEvent.Connected _)) {
      metPeers = true;
    }
  }

  /// Looks how it stands.
  void refresh(Instant now) {
    Progress latest = download.progress();
    if (latest.downloaded() != progress.downloaded()
        || latest.done() != progress.done()
        || latest.metadata().blocks() != progress.metadata().blocks()
        || latest.state() == Progress.State.CHECKING) {
      moved = now;
    }
    metPeers |= latest.peers() > 0;
    progress = latest;
  }

  /// Where the result is, if it is complete.
  Optional<Path> result() {
    return stage == Stage.COMPLETE || stage == Stage.DONE
        ? Optional.of(download.done().resultNow())
        : Optional.empty();
  }

  void complete(Instant now) {
    stage = Stage.COMPLETE;
    completed = now;
  }

  void leave() {
    stage = Stage.DONE;
    download.close();
  }

  void fail(ExitCode why, Instant now) {
    stage = Stage.FAILED;
    completed = now;
    exit = why;
    download.close();
  }

  boolean isOver() {
    return stage == Stage.DONE || stage == Stage.FAILED;
  }
}
