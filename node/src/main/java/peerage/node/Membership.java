package peerage.node;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.swarm.TellerView;
import peerage.wire.Metainfo;

/// Our part in one swarm. Closing it leaves politely: trackers are told, connections end, progress
/// is kept. Idempotent, and done within two seconds. Thread-safe.
public abstract sealed class Membership implements AutoCloseable permits Download, Watch {
  final TorrentLoop loop;

  Membership(TorrentLoop loop) {
    this.loop = loop;
  }

  /// The swarm's name.
  public final InfoHash infoHash() {
    return loop.subject().infoHash();
  }

  /// What to call it: the torrent's name, or what its magnet says, or the info-hash.
  public final String name() {
    return loop.subject().name();
  }

  /// What the swarm is about; empty as long as the metadata of a magnet is not here.
  public final Optional<Metainfo> torrent() {
    return loop.subject().torrent();
  }

  /// Completes when the torrent is known, which it is at once unless it was named by a magnet;
  /// exceptionally with a [DownloadException].
  public final CompletableFuture<Metainfo> metadata() {
    return loop.subject().known().copy();
  }

  /// The peers that are connected now.
  public final List<PeerReport> connected() {
    return loop.answers().reports();
  }

  /// Everything that is known of each address that was heard of, refused ones included.
  public final List<Passport> passports() {
    return loop.answers().passports();
  }

  /// What the word of each teller was worth, the one first that was silent longest.
  public final List<TellerView> tellers() {
    return loop.answers().tellers();
  }

  /// How it stands now.
  public final Progress progress() {
    return loop.answers().progress();
  }

  /// What peer exchange moved so far.
  public final PexTraffic pex() {
    return loop.answers().pex();
  }

  /// Has the listener called for everything that happens from now on, one event after the other, on
  /// the swarm's own thread: a listener that blocks holds everything up.
  ///
  /// @return closing it ends the calls
  public final Subscription onEvent(Consumer<TorrentEvent> listener) {
    return loop.subscribe(listener);
  }

  /// Gives a peer by hand.
  public final void tell(PeerAddress peer) {
    loop.give(peer);
  }

  @Override
  public final void close() {
    loop.close();
  }

  /// A listener that is being called.
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
