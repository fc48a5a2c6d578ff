package peerage.node;

import java.time.Duration;
import java.util.Optional;
import java.util.SequencedMap;

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
    int candidates) {

  /// What a torrent is doing.
  public enum State {
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
    return total == 0 ? 1 : (double) done / total;
  }
}
