package peerage.node;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import peerage.swarm.SwarmEvent;
import peerage.wire.Metainfo;

/// Something happened to a torrent that we are in.
public sealed interface TorrentEvent {
  /// A step in the life of a peer address.
  record OfSwarm(SwarmEvent event) implements TorrentEvent {}

  /// The metadata of a magnet is being fetched.
  ///
  /// @param blocks that are here, unverified until all are
  /// @param of blocks in all; 0 while no peer has said
  /// @param peers that say they have it
  record MetadataFetching(int blocks, int of, int peers) implements TorrentEvent {}

  /// The metadata of a magnet is here and verified.
  record MetadataArrived(Metainfo torrent) implements TorrentEvent {}

  /// What is on disk is being read.
  ///
  /// @param checked pieces read so far
  /// @param of pieces to read
  record Checking(int checked, int of) implements TorrentEvent {}

  /// Joined: peers are looked for and listened to from now on.
  ///
  /// @param have pieces that are here and verified
  /// @param of pieces in all
  record Joined(int have, int of) implements TorrentEvent {}

  /// A piece is here and verified.
  record PieceDone(int piece) implements TorrentEvent {}

  /// A piece was wrong and is fetched again.
  record PieceRefused(int piece) implements TorrentEvent {}

  /// Everything wanted is here.
  record Finished() implements TorrentEvent {}

  /// A tracker answered.
  ///
  /// @param peers how many it named
  /// @param seeds how many it says there are, if it says
  /// @param leeches how many it says there are, if it says
  record TrackerAnswered(String url, int peers, OptionalInt seeds, OptionalInt leeches)
      implements TorrentEvent {}

  /// A tracker failed.
  ///
  /// @param why one sentence
  /// @param nextTry not again before this, monotonic; empty if with the next announce, or never
  record TrackerFailed(String url, String why, Optional<Instant> nextTry) implements TorrentEvent {}

  /// A tracker is not asked at all.
  record TrackerSkipped(String url, String why) implements TorrentEvent {}

  /// The DHT was asked for peers, and we announced ourselves there.
  ///
  /// @param peers how many different ones it named
  /// @param answers how many nodes answered
  /// @param stored how many nodes took our announcement
  record DhtAsked(int peers, int answers, int stored) implements TorrentEvent {}

  /// It cannot go on.
  record Failed(DownloadException why) implements TorrentEvent {}
}
