package peerage.node;

import java.util.List;
import org.jspecify.annotations.Nullable;
import peerage.peers.InfoHash;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;

/// What a swarm is joined for: a torrent, or a magnet whose metadata has to be fetched first.
///
/// @param infoHash the swarm's name
/// @param name what to call it until the metadata is here
/// @param length of the content in bytes, if that is said; else 0
/// @param trackers by tiers
/// @param peers that the magnet names
/// @param torrent null until it is known
record Subject(
    InfoHash infoHash,
    String name,
    long length,
    List<List<String>> trackers,
    List<Magnet.Endpoint> peers,
    @Nullable Metainfo torrent) {

  static Subject of(Metainfo torrent) {
    return new Subject(
        torrent.infoHash(),
        torrent.name(),
        torrent.totalLength(),
        torrent.trackers(),
        List.of(),
        torrent);
  }

  /// @param kept the torrent, if an earlier run fetched its metadata
  static Subject of(Magnet magnet, @Nullable Metainfo kept) {
    return new Subject(
        magnet.infoHash(),
        kept == null ? magnet.name().orElse(magnet.infoHash().hex()) : kept.name(),
        kept == null ? magnet.length().orElse(0) : kept.totalLength(),
        magnet.trackers(),
        magnet.peers(),
        kept);
  }
}
