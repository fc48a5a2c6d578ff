package peerage.node;

import java.time.Duration;
import java.util.Optional;
import java.util.SequencedMap;
import peerage.pieces.MetadataProgress;

/// How a torrent stands at one moment.
///
/// @param state what it is doing
/// @param done bytes of the wanted files that are here and verified
/// @param total bytes of the wanted files
/// @param downloaded bytes of content received in this run
/// @param uploaded bytes of content sent in this run
/// @param wasted bytes of content received in vain in this run
/// @param downRate bytes per second, over the last seconds
/// @param upRate bytes per second, over the last seconds
/// @param eta until done at this rate; empty if it does not move
/// @param peers connected peers
/// @param seeds how many of them have everything
/// @param peersByOrigin how many of them we first heard of how, by [peerage.peers.Origin#letter()]
/// @param candidates addresses that we have heard of
/// @param metadata how far a magnet's metadata has come, in state METADATA
public record Progress(
    State state,
    long done,
    long total,
    long downloaded,
    long uploaded,
    long wasted,
    long downRate,
    long upRate,
    Optional<Duration> eta,
    int peers,
    int seeds,
    SequencedMap<Character, Integer> peersByOrigin,
    int candidates,
    MetadataProgress metadata) {

  /// What a torrent is doing.
  public enum State {
    /// Fetching the metadata of a magnet; sizes are what the magnet claims, or 0.
    METADATA,
    /// Reading what is on disk.
    CHECKING,
    /// Fetching pieces.
    DOWNLOADING,
    /// Everything wanted is here.
    SEEDING,
    /// It failed, or was closed.
    ENDED
  }

  /// The share that is done, 0 to 1.
  public double fraction() {
    if (state == State.METADATA) {
      return 0;
    }
    return total == 0 ? 1 : (double) done / total;
  }
}
