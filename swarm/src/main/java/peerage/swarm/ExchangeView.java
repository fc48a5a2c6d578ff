package peerage.swarm;

/// How well peer exchange supplies a swarm.
///
/// @param tellers connected peers that have told us of others, and are believed
/// @param peers connected peers
/// @param waiting candidates that could be dialled now
public record ExchangeView(int tellers, int peers, int waiting) {
  /// Two, because one may tell of nobody but its friends.
  public static final int HEALTHY_TELLERS = 2;

  /// Peers and candidates together; with fewer a swarm is easily cut in two (guess).
  public static final int HEALTHY_SUPPLY = 4;

  /// Whether peer exchange is healthy: whoever joins the swarm anywhere is heard of here before
  /// long, so a tracker need not be asked out of turn. Who tells nothing any more, because nobody
  /// comes, is as healthy as before: what counts is that it told on this connection.
  public boolean isHealthy() {
    return tellers >= HEALTHY_TELLERS && peers + waiting >= HEALTHY_SUPPLY;
  }
}
