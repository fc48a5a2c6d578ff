package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// Whom to dial next, and how fast.
///
/// Below half of the wanted connections candidates are ranked among all, so that a newcomer is
/// quick; from half on tellers take turns and candidates are ranked within what each told: in
/// simulation the only rule that held attackers at their fair share of connections.
final class ConnectionPolicy {
  /// Above half of the wanted connections so many dials a second (simulated).
  private static final int UNHURRIED = 1;

  /// How often a full swarm tries a candidate that outranks its worst peer (simulated).
  static final Duration TRY_BETTER = Duration.ofSeconds(20);

  /// How often somebody is dialled whose network has its share of our room already. In the measured
  /// attack each such dial was one at a sybil (measured: bench/poisoning.py).
  static final Duration TRY_CROWDED = Duration.ofSeconds(60);

  private final SwarmOptions options;
  private final Dials dials;
  private final Pace hurried;
  private final Pace unhurried = new Pace(1, UNHURRIED);
  private final Ranking ranking;
  private final Supplier<OptionalLong> worstStanding;
  private long seen = -1;
  private boolean someAreLeft;
  private @Nullable Instant dueAt;
  private @Nullable Instant betterAt;
  private @Nullable Instant crowdedAt;

  /// @param dials those under way, and what the ones before teach
  /// @param worstStanding the [Standing] of the worst connection, if that may be replaced
  ConnectionPolicy(
      SwarmOptions options,
      PeerTable peers,
      Dials dials,
      Supplier<OptionalLong> worstStanding,
      RandomGenerator random) {
    this.options = options;
    this.dials = dials;
    this.worstStanding = worstStanding;
    this.hurried = new Pace(options.maxHalfOpen(), options.dialsPerSecond());
    this.ranking = new Ranking(options.maxPeers(), peers, dials, random);
  }

  /// The candidates to dial now.
  ///
  /// @param connected how many peers there are
  /// @param self our own listening endpoint of a family, as far as we know it
  List<Candidate> choose(
      CandidateBook book,
      Instant now,
      int connected,
      Function<Family, Optional<PeerAddress>> self) {
    if (connected >= options.maxPeers()) {
      return better(book, now, self);
    }
    int count = Math.min(room(connected), pace(connected).available(now));
    boolean nothingNew = seen == book.revision() && !someAreLeft && !isDue(dueAt, now);
    if (count <= 0 || nothingNew) {
      return List.of();
    }
    var chosen = new ArrayList<Candidate>();
    int before;
    do { // what is chosen stands in the way of others, and half full may come in between
      before = chosen.size();
      boolean inTurns = isHalfFull(connected);
      chosen.addAll(ranking.best(ready(book, now), count - before, inTurns, self, now));
    } while (chosen.size() > before && chosen.size() < count);
    if (chosen.size() < count && someAreLeft) {
      chosen.addAll(crowded(book, connected, count - chosen.size(), self, now));
    }
    pace(connected).spend(chosen.size());
    return chosen;
  }

  /// Only such are ready whose networks have their share of our room already. A newcomer takes them
  /// all the same, up to a quarter of its room, and up to half of it one in a while. Beyond that a
  /// place stays free for somebody else; whoever is alone with its network is still dialled by the
  /// others.
  private List<Candidate> crowded(
      CandidateBook book,
      int connected,
      int count,
      Function<Family, Optional<PeerAddress>> self,
      Instant now) {
    crowdedAt = crowdedAt == null ? now.plus(TRY_CROWDED) : crowdedAt;
    int hasty = options.maxPeers() / 4 - connected - dials.underWay();
    boolean isTime = isDue(crowdedAt, now) && !isHalfFull(connected);
    List<Candidate> chosen = List.of();
    if (hasty > 0 || isTime) {
      chosen = ranking.crowded(ready(book, now), Math.clamp(hasty, 1, count), self, now);
    }
    crowdedAt = isDue(crowdedAt, now) ? now.plus(TRY_CROWDED) : crowdedAt;
    boolean someStay = !ready(book, now).isEmpty();
    someAreLeft = false;
    if (someStay) {
      soonest(crowdedAt);
    }
    return chosen;
  }

  private int room(int connected) {
    int underWay = dials.underWay();
    return Math.min(options.maxPeers() - connected, options.maxHalfOpen()) - underWay;
  }

  private Pace pace(int connected) {
    return 2 * connected >= options.maxPeers() ? unhurried : hurried;
  }

  /// Dials under way count: a swarm that dials fifty at once would choose all its peers by rank.
  private boolean isHalfFull(int connected) {
    return 2 * (connected + dials.underWay()) >= options.maxPeers();
  }

  private static boolean isDue(@Nullable Instant when, Instant now) {
    return when != null && !when.isAfter(now);
  }

  /// Whom nothing speaks against; and from when on there will be more.
  private List<Candidate> ready(CandidateBook book, Instant now) {
    var ready = new ArrayList<Candidate>();
    dueAt = null;
    for (Candidate candidate : book.all()) {
      Optional<Dials.Obstacle> obstacle = dials.obstacle(candidate, now);
      if (obstacle.isEmpty()) {
        ready.add(candidate);
      } else {
        obstacle.get().until().ifPresent(this::soonest);
      }
    }
    seen = book.revision();
    someAreLeft = !ready.isEmpty();
    return ready;
  }

  private void soonest(Instant until) {
    dueAt = dueAt == null || until.isBefore(dueAt) ? until : dueAt;
  }

  /// A full swarm's one dial: somebody who outranks its worst peer.
  private List<Candidate> better(
      CandidateBook book, Instant now, Function<Family, Optional<PeerAddress>> self) {
    boolean due = betterAt == null || isDue(betterAt, now);
    if (!due || !mayTryBetter(book)) {
      return List.of();
    }
    OptionalLong worst = worstStanding.get(); // weighs every peer, so it is asked last
    if (worst.isEmpty()) {
      return List.of();
    }
    betterAt = now.plus(TRY_BETTER);
    return ranking.above(worst.getAsLong(), ready(book, now), self, now);
  }

  private boolean mayTryBetter(CandidateBook book) {
    return dials.underWay() == 0 && !book.isSmallFor(options.maxPeers());
  }

  /// When to choose again, nothing being heard and no dial ending before.
  Optional<Instant> next(CandidateBook book, Instant now, int connected) {
    if (connected >= options.maxPeers()) {
      boolean isAhead = betterAt != null && !isDue(betterAt, now);
      boolean wanted = mayTryBetter(book) && (isAhead || worstStanding.get().isPresent());
      return wanted ? Optional.ofNullable(betterAt) : Optional.empty();
    }
    if (room(connected) <= 0) {
      return Optional.empty();
    }
    boolean waits = someAreLeft || seen != book.revision() || isDue(dueAt, now);
    return waits ? Optional.of(pace(connected).next(now)) : Optional.ofNullable(dueAt);
  }
}
