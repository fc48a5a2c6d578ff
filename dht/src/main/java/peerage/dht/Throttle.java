package peerage.dht;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import peerage.peers.PeerAddress;

/// Which queries of others are answered: so many of one [Place], so many altogether. The address of
/// a query may be somebody else's, so this is also what bounds the answers that anybody can have
/// sent to a third party through us.
final class Throttle {
  /// Queries of one place that are answered (guess; libtorrent bans at 5 a second).
  static final int PER_SECOND = 10;

  /// And at a time: a lookup of ours may well ask one node for many torrents at once (guess).
  static final int BURST = 50;

  /// Places that are told apart; the one that was quiet for longest is forgotten (guess).
  static final int PLACES = 4_096;

  /// Queries that are answered altogether: 300 KB/s at most (guess).
  static final int ALL_PER_SECOND = 300;

  /// And by a router, which is there for that: 3 MB/s at most (guess).
  static final int ROUTER_PER_SECOND = 3_000;

  private final Map<Place, Pace> places = new LinkedHashMap<>();
  private final Pace all;

  Throttle(boolean isRouter) {
    int perSecond = isRouter ? ROUTER_PER_SECOND : ALL_PER_SECOND;
    this.all = new Pace(perSecond, 2.0 * perSecond);
  }

  boolean allows(PeerAddress from, Instant now) {
    Place place = Place.of(from);
    Pace known = places.remove(place);
    Pace pace = known == null ? new Pace(PER_SECOND, BURST) : known;
    places.put(place, pace);
    if (places.size() > PLACES) {
      places.remove(places.keySet().iterator().next());
    }
    return pace.allows(now) && all.allows(now);
  }
}
