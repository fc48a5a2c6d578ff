package peerage.pxp;

import java.time.Duration;
import java.time.Instant;

/// Keeps as many peers as the application wants: enters the network, and searches while there are
/// too few, ever less often while nobody is found.
final class Keeper implements Search.Ending {
  private final Parts parts;
  private final Searches searches;
  private final Endpoints endpoints;
  private final Agenda.Alarm alarm;
  private int target;
  private Duration pause = PxpLimits.ROUND_PAUSE_FIRST;
  private Instant nextRound = Instant.MIN;
  private boolean stale = true;

  Keeper(Parts parts, Searches searches) {
    this.parts = parts;
    this.searches = searches;
    this.endpoints = new Endpoints(parts, this::look);
    this.alarm = parts.self.agenda.alarm(_ -> look());
    this.alarm.by(Instant.EPOCH);
  }

  Endpoints endpoints() {
    return endpoints;
  }

  void target(int peers) {
    target = peers;
    look();
  }

  /// Something has changed: the next [#progress] looks anew.
  void look() {
    stale = true;
  }

  /// Whether something has changed since.
  boolean isStale() {
    return stale;
  }

  /// A peer has come by itself: the network lives, and is worth asking again soon.
  void encourage() {
    Instant soon = parts.self.in(parts.self.jittered(PxpLimits.ROUND_PAUSE_FIRST));
    nextRound = soon.isBefore(nextRound) ? soon : nextRound;
    look();
  }

  /// Does what is to be done, if anything has changed.
  void progress() {
    if (!stale) {
      return;
    }
    stale = false;
    parts.room.admit();
    endpoints.progress(isWanting()).ifPresent(alarm::by);
    if (isWanting() && !isSomebodyThere()) {
      return; // whoever comes first makes us look again
    }
    if (parts.self.now().isBefore(nextRound)) {
      alarm.by(nextRound);
      return;
    }
    while (searches.keeping() < Math.min(missing(), ExchangeLimits.KEEPING_SEARCHES_MAX)
        && parts.room.isThere()) {
      searches.keep(this);
    }
  }

  private boolean isWanting() {
    return missing() > 0;
  }

  /// Who is about to join counts: nobody needs to be looked for in its stead.
  private int missing() {
    return target - parts.peers.size() - parts.connections.arriving();
  }

  private boolean isSomebodyThere() {
    return parts.connections.all().stream().anyMatch(Connection::canBeAsked);
  }

  @Override
  public void found(PeerRef peer) {
    pause = PxpLimits.ROUND_PAUSE_FIRST;
    look();
  }

  @Override
  public void notFound(Exchange.SeekFailure why) {
    nextRound = parts.self.in(parts.self.jittered(pause));
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(PxpLimits.ROUND_PAUSE_MAX) < 0 ? doubled : PxpLimits.ROUND_PAUSE_MAX;
    look();
  }
}
