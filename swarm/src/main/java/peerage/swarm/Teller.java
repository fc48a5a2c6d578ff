package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.peers.PeerAddress;

/// One entry of the [TellerLedger].
final class Teller {
  /// What a teller has that never did wrong.
  static final int FULL_SCORE = 100;

  /// At this score it is muted (guess: two malformed messages, three lists far too long, or four
  /// minutes at twice the rate that is read).
  static final int MUTED_AT = 50;

  /// At this score it is closed (guess: twice as much).
  static final int CLOSED_AT = 0;

  /// How long it is ignored (guesses).
  static final Duration MUTE = Duration.ofMinutes(10);

  static final Duration BAN = Duration.ofHours(1);

  /// Half of what it did wrong is forgiven in this time (guess).
  static final Duration FORGIVEN = Duration.ofMinutes(10);

  /// When its candidates that failed outnumber those that answered by so many, no more of them are
  /// dialled (simulated: dials at false addresses fell from 39 to 18 in 20 minutes, by this and the
  /// quota)...
  static final int CREDIT = 4;

  /// ...until half of that is forgotten (guess: one more dial in some seven minutes for a teller
  /// whose word is never true, so that an honest one with bad luck comes back).
  static final Duration CREDIT_FADES = Duration.ofMinutes(20);

  /// Dials under way on one teller's word, before any was answered; each answer allows one more.
  /// Simulated: a newcomer's first burst is eight.
  static final int WINDOW = 8;

  /// So much good is remembered at most: who names a hundred real peers first may not name a
  /// hundred false ones then (guess).
  private static final int MOST_CREDIT = 8;

  /// Rounding: four failures are four although the first has begun to fade.
  private static final double SLACK = 0.5;

  final Source source;
  PeerAddress address;
  Direction direction;
  int told;
  int tried;
  int truthful;
  int stale;
  int refused;
  int withdrawn;
  int underWay;

  private final Map<Offence, Integer> offences = new EnumMap<>(Offence.class);
  private final Fading fault = new Fading(FORGIVEN);
  private final Fading debt = new Fading(CREDIT_FADES);
  private @Nullable Instant ignoredUntil;
  private @Nullable Link lastLink;
  private @Nullable Instant lastMessage;
  private @Nullable Duration spacing;

  Teller(Source source, PeerAddress address, Direction direction) {
    this.source = source;
    this.address = address;
    this.direction = direction;
  }

  /// A message came.
  ///
  /// @return the time since the last one on the same connection
  Optional<Duration> messaged(Link link, Instant now) {
    Optional<Duration> gap =
        link.equals(lastLink) && lastMessage != null
            ? Optional.of(Duration.between(lastMessage, now))
            : Optional.empty();
    lastLink = link;
    lastMessage = now;
    gap.filter(g -> spacing == null || g.compareTo(spacing) < 0).ifPresent(g -> spacing = g);
    return gap;
  }

  Verdict offended(Offence offence, Instant now) {
    offences.merge(offence, 1, Integer::sum);
    fault.add(offence.cost(), now);
    if (offence.cost() == 0 || score(now) > MUTED_AT) {
      return Verdict.HEED;
    }
    boolean close = score(now) <= CLOSED_AT;
    Instant until = now.plus(close ? BAN : MUTE);
    ignoredUntil = ignoredUntil == null || until.isAfter(ignoredUntil) ? until : ignoredUntil;
    return close ? Verdict.CLOSE : Verdict.MUTE;
  }

  int count(Offence offence) {
    return offences.getOrDefault(offence, 0);
  }

  int score(Instant now) {
    return FULL_SCORE - (int) Math.round(fault.at(now));
  }

  boolean isMuted(Instant now) {
    return ignoredUntil != null && now.isBefore(ignoredUntil);
  }

  void answered(Instant now) {
    truthful++;
    debt.add(-1, now);
    debt.atLeast(-MOST_CREDIT, now);
  }

  void failed(Instant now) {
    stale++;
    debt.add(1, now);
  }

  /// Whether another of its candidates may be dialled.
  boolean hasCredit(Instant now) {
    return underWay < window(now);
  }

  private int window(Instant now) {
    double owed = debt.at(now);
    return owed < SLACK ? WINDOW + truthful : (int) Math.ceil(CREDIT - SLACK - owed);
  }

  /// When it will have credit again; empty if only the end of a dial gives it.
  Optional<Instant> creditAt(Instant now) {
    return underWay > 0 ? Optional.empty() : Optional.of(debt.below(CREDIT - SLACK, now));
  }

  TellerView view(Instant now) {
    return new TellerView(
        address,
        direction,
        told,
        tried,
        truthful,
        stale,
        refused,
        withdrawn,
        Optional.ofNullable(spacing),
        score(now),
        isMuted(now));
  }
}
