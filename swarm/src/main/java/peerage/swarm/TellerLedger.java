package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PexDialect;
import peerage.pex.PexMessage;
import peerage.pex.PexSession;

/// What each teller told, and what came of it. A teller is remembered after it left, by its
/// address: its port is a claim.
final class TellerLedger {
  /// Tellers remembered (guess: five times the connections that a swarm has).
  static final int MAX_TELLERS = 500;

  /// From one message to the next on one connection; what is less than the minute of BEP 11 by more
  /// than this is no near miss (anacrolix closes below 45 s).
  private static final Duration NEARLY_A_MINUTE = Duration.ofSeconds(45);

  private final LinkedHashMap<Source, Teller> tellers = new LinkedHashMap<>();

  /// The peer sent a message that was read.
  void heard(Peer peer, PexMessage message, Instant now) {
    Teller teller = of(peer, now);
    teller.address = peer.name();
    teller.direction = peer.direction;
    Optional<Duration> gap = teller.messaged(peer.link, now);
    boolean soon =
        gap.filter(g -> g.compareTo(PexSession.SPACING) < 0 && g.compareTo(NEARLY_A_MINUTE) >= 0)
            .isPresent();
    if (soon || message.added().size() > PexSession.MAX_CONTACTS) {
      teller.offended(Offence.NEAR_MISS, now);
    }
  }

  /// The peer did wrong.
  Verdict offence(Peer teller, Offence kind, Instant now) {
    return of(teller, now).offended(kind, now);
  }

  /// Whether the peer's messages are ignored now.
  boolean isMuted(Peer teller, Instant now) {
    return get(sourceOf(teller)).filter(t -> t.isMuted(now)).isPresent();
  }

  Optional<Teller> get(Source source) {
    return Optional.ofNullable(tellers.get(source));
  }

  /// All tellers, the one first that was silent longest.
  List<TellerView> views(Instant now) {
    return tellers.values().stream().map(teller -> teller.view(now)).toList();
  }

  // What became of its candidates

  void told(Origin.Pex origin, Instant now) {
    of(origin, now).told++;
  }

  void refused(Origin.Pex origin, Instant now) {
    of(origin, now).refused++;
  }

  void withdrew(Source source) {
    get(source).ifPresent(teller -> teller.withdrawn++);
  }

  /// A dial begins on the word of these.
  void dialled(List<Source> sources) {
    each(
        sources,
        teller -> {
          teller.tried++;
          teller.underWay++;
        });
  }

  /// The dial that was counted did not take place.
  void heldBack(List<Source> sources) {
    each(
        sources,
        teller -> {
          teller.tried--;
          teller.underWay--;
        });
  }

  /// The dial is over.
  void ended(List<Source> sources) {
    each(sources, teller -> teller.underWay--);
  }

  void answered(List<Source> sources, Instant now) {
    each(sources, teller -> teller.answered(now));
  }

  void failed(List<Source> sources, Instant now) {
    each(sources, teller -> teller.failed(now));
  }

  private void each(List<Source> sources, Consumer<Teller> what) {
    sources.forEach(source -> get(source).ifPresent(what));
  }

  /// Whether one of these has credit for another dial; who is not a teller, or forgotten, has.
  boolean hasCredit(List<Source> sources, Instant now) {
    return sources.isEmpty()
        || sources.stream().anyMatch(source -> get(source).map(t -> t.hasCredit(now)).orElse(true));
  }

  /// When one of these will have credit; empty if only the end of a dial gives it.
  Optional<Instant> creditAt(List<Source> sources, Instant now) {
    return sources.stream()
        .flatMap(source -> get(source).flatMap(t -> t.creditAt(now)).stream())
        .min(Comparator.naturalOrder());
  }

  int score(Source source, Instant now) {
    return get(source).map(teller -> teller.score(now)).orElse(Teller.FULL_SCORE);
  }

  int score(Peer peer, Instant now) {
    Source source = sourceOf(peer);
    return hasCredit(List.of(source), now) ? score(source, now) : 0;
  }

  private Teller of(Peer peer, Instant now) {
    return of(sourceOf(peer), peer.name(), peer.direction, now);
  }

  private static Source sourceOf(Peer peer) {
    return Source.of(new Origin.Pex(peer.name(), PexDialect.UT_PEX));
  }

  private Teller of(Origin.Pex origin, Instant now) {
    return of(Source.of(origin), origin.teller(), Direction.OUTGOING, now);
  }

  /// Who was heard last stands last.
  private Teller of(Source source, PeerAddress address, Direction direction, Instant now) {
    Teller teller = tellers.remove(source);
    if (teller == null) {
      makeRoom(now);
      teller = new Teller(source, address, direction);
    }
    tellers.put(source, teller);
    return teller;
  }

  /// Who is muted goes last: a crowd of new tellers must not make us forget it.
  private void makeRoom(Instant now) {
    if (tellers.size() < MAX_TELLERS) {
      return;
    }
    Teller victim =
        tellers.values().stream()
            .filter(teller -> teller.underWay == 0 && teller.score(now) > Teller.MUTED_AT)
            .findFirst()
            .orElseGet(() -> tellers.firstEntry().getValue());
    tellers.remove(victim.source);
  }
}
