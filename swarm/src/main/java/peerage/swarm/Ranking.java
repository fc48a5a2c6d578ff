package peerage.swarm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.peers.PeerPriority;

/// In which order candidates are dialled.
///
/// By canonical peer priority (BEP 40), in a slice of the candidates chosen by chance, which
/// spreads dials over networks and makes swarms random graphs. Rank is no defence against addresses
/// that were made up to rank high: quotas, credit, and turns are.
final class Ranking {
  /// How many candidates are ranked at least, and how many more by chance (simulated).
  private static final int SLICE = 300;

  private static final int SLICE_SPREAD = 101;

  /// Sources whose turns are remembered (guess: the tellers of a ledger, and some trackers).
  private static final int MAX_TURNS = TellerLedger.MAX_TELLERS + 20;

  private final int maxPeers;
  private final PeerTable peers;
  private final Dials dials;
  private final RandomGenerator random;
  private final LinkedHashMap<Source, Integer> turns = new LinkedHashMap<>();

  Ranking(int maxPeers, PeerTable peers, Dials dials, RandomGenerator random) {
    this.maxPeers = maxPeers;
    this.peers = peers;
    this.dials = dials;
    this.random = random;
  }

  /// A candidate with what it is ranked by.
  ///
  /// @param tier 0 for whom the user named, then whom nothing speaks against, whom only peers name
  ///     that dialled us, who failed, turned us away or is said to be gone
  /// @param over by how many its network would be over its share of our connections
  private record Ranked(Candidate candidate, int tier, int over, long rank, long corroboration) {
    static Ranked of(Candidate candidate, int over, long rank) {
      return new Ranked(candidate, tierOf(candidate), over, rank, candidate.corroboration());
    }

    private static int tierOf(Candidate candidate) {
      if (candidate.isGiven()) {
        return 0;
      }
      boolean failed =
          candidate.failures() > 0 || candidate.turnedAway() > 0 || candidate.barren() > 0;
      if (failed || candidate.isWithdrawn()) {
        return 3;
      }
      return candidate.isToldByIncomingOnly() ? 2 : 1;
    }

    int failures() {
      return candidate.failures() + candidate.turnedAway() + candidate.barren();
    }

    boolean unproven() {
      return !candidate.isVerified();
    }

    boolean notReachable() {
      return !candidate.isVerified() && !candidate.isToldReachable();
    }
  }

  /// That two tellers name one breaks ties only: attackers name each other.
  private static final Comparator<Ranked> BY_RANK =
      Comparator.comparingInt(Ranked::tier)
          .thenComparingInt(Ranked::failures)
          .thenComparing(Ranked::unproven)
          .thenComparing(Comparator.comparingLong(Ranked::rank).reversed())
          .thenComparing(Comparator.comparingLong(Ranked::corroboration).reversed());

  /// Among what one teller says, its word counts that it dialled one itself (0x10). Between tellers
  /// it does not: it would cost a liar nothing to be first.
  private static final Comparator<Ranked> WITHIN_A_TELLER =
      Comparator.comparingInt(Ranked::tier)
          .thenComparingInt(Ranked::failures)
          .thenComparing(Ranked::unproven)
          .thenComparing(Ranked::notReachable)
          .thenComparing(BY_RANK);

  /// The candidates to dial now, and takes down that each begins.
  ///
  /// @param inTurns whether those who named them take turns
  List<Candidate> best(
      List<Candidate> ready,
      int count,
      boolean inTurns,
      Function<Family, Optional<PeerAddress>> self,
      Instant now) {
    List<Ranked> ranked = ranked(slice(ready), self);
    ranked.removeIf(r -> r.over() > 0);
    var choice = new Choice(count, false, now);
    if (inTurns) {
      return inTurns(ranked, choice, now);
    }
    ranked.sort(BY_RANK);
    return choice.inOrder(ranked);
  }

  /// The same of those whose network has its share of our connections already, the one first whose
  /// network has least.
  List<Candidate> crowded(
      List<Candidate> ready, int count, Function<Family, Optional<PeerAddress>> self, Instant now) {
    List<Ranked> ranked = ranked(slice(ready), self);
    ranked.sort(Comparator.comparingInt(Ranked::over).thenComparing(BY_RANK));
    return new Choice(count, true, now).inOrder(ranked);
  }

  /// One candidate that outranks this standing, if there is one.
  List<Candidate> above(
      long standing,
      List<Candidate> ready,
      Function<Family, Optional<PeerAddress>> self,
      Instant now) {
    List<Ranked> ranked = ranked(slice(ready), self);
    ranked.removeIf(r -> Standing.of(isKnown(r, self) ? r.rank() : 0, r.over()) <= standing);
    return inTurns(ranked, new Choice(1, true, now), now);
  }

  private static boolean isKnown(Ranked ranked, Function<Family, Optional<PeerAddress>> self) {
    return self.apply(ranked.candidate().address().family()).isPresent();
  }

  /// So many of them in a row, from a place chosen by chance; whom the user named always.
  private List<Candidate> slice(List<Candidate> ready) {
    if (ready.size() <= SLICE) {
      return ready;
    }
    int size = Math.min(ready.size(), SLICE + random.nextInt(SLICE_SPREAD));
    int start = random.nextInt(ready.size());
    var slice = new ArrayList<Candidate>(size);
    for (int i = 0; i < ready.size(); i++) {
      Candidate candidate = ready.get((start + i) % ready.size());
      if (i < size || candidate.isGiven()) {
        slice.add(candidate);
      }
    }
    return slice;
  }

  private List<Ranked> ranked(
      List<Candidate> candidates, Function<Family, Optional<PeerAddress>> self) {
    var us = new TreeMap<Family, Optional<PeerAddress>>();
    for (Family family : Family.values()) {
      us.put(family, self.apply(family));
    }
    Crowds crowds = crowds();
    var ranked = new ArrayList<Ranked>(candidates.size());
    for (Candidate candidate : candidates) {
      PeerAddress address = candidate.address();
      long rank =
          us.getOrDefault(address.family(), Optional.empty())
              .map(own -> PeerPriority.of(own, address))
              .orElseGet(() -> random.nextLong(1L << 32));
      ranked.add(Ranked.of(candidate, crowds.overWith(address), rank));
    }
    return ranked;
  }

  private Crowds crowds() {
    return Crowds.of(maxPeers, peers, dials.addresses());
  }

  /// What is chosen in one go. What was chosen before may stand in the way of what comes next: of
  /// its teller, or of its network.
  private final class Choice {
    private final ArrayList<Candidate> chosen = new ArrayList<>();
    private final Crowds crowds = crowds();
    private final int count;
    private final boolean crowdedToo;
    private final Instant now;

    Choice(int count, boolean crowdedToo, Instant now) {
      this.count = count;
      this.crowdedToo = crowdedToo;
      this.now = now;
    }

    boolean isComplete() {
      return chosen.size() >= count;
    }

    boolean take(Candidate candidate) {
      boolean crowded = crowds.overWith(candidate.address()) > 0;
      if ((crowded && !crowdedToo) || dials.obstacle(candidate, now).isPresent()) {
        return false;
      }
      dials.begin(candidate);
      crowds.add(candidate.address());
      return chosen.add(candidate);
    }

    List<Candidate> inOrder(List<Ranked> ranked) {
      for (Ranked next : ranked) {
        if (!isComplete()) {
          take(next.candidate());
        }
      }
      return chosen;
    }
  }

  private List<Candidate> inTurns(List<Ranked> ranked, Choice choice, Instant now) {
    var bySource = new TreeMap<Source, List<Ranked>>();
    for (Ranked one : ranked) {
      List<Source> sources = one.candidate().standing();
      if (sources.isEmpty()) {
        sources = List.of(one.candidate().source());
      }
      for (Source source : sources) {
        bySource.computeIfAbsent(source, _ -> new ArrayList<>()).add(one);
      }
    }
    bySource.values().forEach(list -> list.sort(WITHIN_A_TELLER.reversed())); // the best is last
    while (!choice.isComplete() && !bySource.isEmpty()) {
      Source source = next(bySource, now);
      List<Ranked> list = bySource.getOrDefault(source, List.of());
      if (list.isEmpty()) {
        bySource.remove(source);
      } else if (choice.take(list.removeLast().candidate())) {
        served(source);
      }
    }
    return choice.chosen;
  }

  /// The user's word first, then whoever was served least; of two the one with the better score.
  private Source next(SortedMap<Source, List<Ranked>> bySource, Instant now) {
    if (bySource.containsKey(Source.GIVEN)) {
      return Source.GIVEN;
    }
    return bySource.keySet().stream()
        .min(
            Comparator.comparingInt((Source source) -> turns.getOrDefault(source, 0))
                .thenComparing(
                    Comparator.comparingInt((Source source) -> dials.ledger().score(source, now))
                        .reversed()))
        .orElseThrow();
  }

  /// Who speaks for the first time is not owed all that others had before.
  private void served(Source source) {
    int least = turns.values().stream().min(Comparator.naturalOrder()).orElse(0);
    Integer before = turns.remove(source);
    turns.put(source, (before == null ? least : before) + 1);
    if (turns.size() > MAX_TURNS) {
      turns.pollFirstEntry();
    }
  }
}
