package peerage.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.pieces.PieceLayout;
import peerage.pieces.PieceSet;
import peerage.pieces.Transfer;
import peerage.pieces.TransferOptions;
import peerage.swarm.Privacy;
import peerage.swarm.Swarm;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;

/// What a swarm is about, from the first word of it to the open files: a torrent is known from the
/// start, a magnet's when a peer has given its metadata; then its files are opened, and from then
/// on there is a [TransferDesk].
///
/// Owned by the torrent's loop, which alone changes the two fields that say how far it is. Both are
/// volatile, for others read them: the public classes, and connections that store and load.
final class SubjectDesk {
  /// What a tracker is told is left, in bytes, while nobody knows: as libtorrent. Not 0, which
  /// would make us a seed.
  private static final long UNKNOWN_LEFT = 16 * 1024;

  private final TorrentLoop loop;
  private final Services services;
  private final Subject subject;
  private final @Nullable DownloadOptions options;
  private final RandomGenerator random;
  private final CompletableFuture<Metainfo> known = new CompletableFuture<>();
  private final CompletableFuture<Path> done = new CompletableFuture<>();
  private volatile @Nullable Metainfo torrent;
  private volatile @Nullable TransferDesk transfers;

  /// @param options empty to watch only
  SubjectDesk(
      TorrentLoop loop,
      Services services,
      Subject subject,
      Optional<DownloadOptions> options,
      RandomGenerator random) {
    this.loop = loop;
    this.services = services;
    this.subject = subject;
    this.options = options.orElse(null);
    this.random = random;
    this.torrent = subject.torrent();
  }

  // From any thread

  InfoHash infoHash() {
    return subject.infoHash();
  }

  String name() {
    return torrent().map(Metainfo::name).orElse(subject.name());
  }

  Optional<Metainfo> torrent() {
    return Optional.ofNullable(torrent);
  }

  /// The content in bytes, as far as it is known; else what the magnet says, or 0.
  long length() {
    return torrent().map(Metainfo::totalLength).orElse(subject.length());
  }

  /// While the torrent is not known, or its files are not open, there is nothing to transfer.
  Optional<TransferDesk> transfers() {
    return Optional.ofNullable(transfers);
  }

  boolean isSeed() {
    return transfers().map(TransferDesk::isSeed).orElse(false);
  }

  /// Completes when the torrent is known.
  CompletableFuture<Metainfo> known() {
    return known;
  }

  /// Completes when everything wanted is here.
  CompletableFuture<Path> done() {
    return done;
  }

  // For the loop

  static Privacy privacy(@Nullable Metainfo torrent) {
    if (torrent == null) {
      return Privacy.UNKNOWN;
    }
    return torrent.isPrivate() ? Privacy.PRIVATE : Privacy.PUBLIC;
  }

  /// Opens what is known from the start; reads what is on disk, which may take minutes.
  void join() throws DownloadException {
    Metainfo given = torrent;
    if (given != null) {
      loop.metadata().has(given);
      known.complete(given);
      opened(given, open(given, this::checking));
    }
  }

  /// Peers that the magnet names.
  List<Magnet.Endpoint> peers() {
    return subject.peers();
  }

  /// What a tracker is told is left, in bytes.
  long left() {
    Optional<TransferDesk> desk = transfers();
    if (options != null && desk.isPresent()) {
      return desk.get().machine().remainingBytes();
    }
    return torrent().map(Metainfo::totalLength).orElse(UNKNOWN_LEFT);
  }

  /// A peer gave the magnet's metadata, and it is verified.
  void metadataArrived(byte[] info) {
    Metainfo read;
    try {
      read = Metainfo.ofInfo(info, subject.trackers());
    } catch (MalformedMessage e) {
      String why = "the magnet " + subject.name() + " leads to no torrent that can be used: ";
      loop.fail(new DownloadException(DownloadException.Reason.BAD_TORRENT, why + e.getMessage()));
      return;
    }
    torrent = read;
    loop.metadata().has(read);
    loop.swarm().handle(new Swarm.Input.PrivacyKnown(privacy(read)));
    known.complete(read);
    loop.publish(new TorrentEvent.MetadataArrived(read));
    loop.swarm().sendHandshakes();
    Thread.ofVirtual().name("keep metadata").start(() -> services.metadata().keep(read));
    Thread.ofVirtual().name("open " + read.infoHash()).start(() -> openLate(read));
  }

  void finished() {
    if (options != null) {
      done.complete(options.directory().resolve(name()));
    }
  }

  /// Nothing more will come of it; what has come stays.
  void end(DownloadException why) {
    known.completeExceptionally(why);
    done.completeExceptionally(why);
  }

  // Opening the files

  /// Opens the files; null for a swarm that is only watched.
  private @Nullable Disk open(Metainfo torrent, Recheck.Meter meter) throws DownloadException {
    return options == null
        ? null
        : Disk.open(torrent, options, services.state(), meter, loop::isClosing);
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
            random);
    var desk = new TransferDesk(loop, transfer, disk);
    transfers = desk;
    if (loop.isClosing()) {
      return;
    }
    loop.publish(new TorrentEvent.Joined(have.count(), have.size()));
    if (transfer.isDone()) {
      desk.finished();
    }
  }

  /// What is on disk is read while peers are listened to, so on a thread of its own.
  private void openLate(Metainfo torrent) {
    try {
      Disk disk = open(torrent, (checked, of) -> loop.post(() -> checking(checked, of)));
      var opened = new Opened(torrent, disk);
      if (!loop.post(opened)) {
        opened.refuse();
      }
    } catch (DownloadException e) {
      loop.post(() -> loop.fail(e));
    } catch (RuntimeException | Error bug) {
      loop.post(() -> loop.fail(TorrentLoop.bug(bug)));
      throw bug;
    }
  }

  private final class Opened implements TorrentLoop.Delivery {
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

    @Override
    public void refuse() {
      if (disk != null) {
        disk.close(disk.have());
      }
    }
  }

  private void openedLate(Metainfo torrent, @Nullable Disk disk) {
    opened(torrent, disk);
    TransferDesk desk = transfers().orElseThrow();
    for (Connection connection : List.copyOf(loop.swarm().connections())) {
      EarlyWords words = loop.metadata().take(connection.link());
      if (words != null && !connection.isClosed()) {
        desk.joinedLate(connection, words);
      }
    }
    if (desk.isSeed()) {
      loop.swarm().sendHandshakes();
    }
  }

  /// Told a hundred times at most, however many pieces there are.
  private void checking(int checked, int of) {
    if (checked == of || (long) checked * 100 / of != (checked - 1L) * 100 / of) {
      loop.publish(new TorrentEvent.Checking(checked, of));
    }
  }
}
