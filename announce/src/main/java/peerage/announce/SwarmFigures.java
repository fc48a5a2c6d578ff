package peerage.announce;

/// How big a swarm is, by a tracker's count (BEP 48, BEP 15).
///
/// @param seeds peers that are complete now
/// @param completed downloads that were ever completed
/// @param leeches peers that are not complete now
public record SwarmFigures(int seeds, int completed, int leeches) {
  /// @throws IllegalArgumentException if one is negative
  public SwarmFigures {
    if (seeds < 0 || completed < 0 || leeches < 0) {
      throw new IllegalArgumentException(
          "no negative figures: " + seeds + ", " + completed + ", " + leeches);
    }
  }
}
