package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.peers.PeerPriority;

/// Whom to dial next, and how fast.
///
/// Sources take turns, so that no teller owns the dial schedule (BEP 11: "avoid drawing all
/// candidates from one PEX source"); within a source the candidates with the fewest failures go
/// first, then by canonical peer priority (BEP 40), which spreads the dials over networks.
final class ConnectionPolicy {
  private final SwarmOptions options;
  private final RandomGenerator random;
  private double credit;
  private @Nullable Instant creditAt;
  private Source lastSource = Source.GIVEN;

  ConnectionPolicy(SwarmOptions options, RandomGenerator random) {
    this.options = options;
    this.random = random;
    this.credit = options.maxHalfOpen();
  }

  /// The candidates to dial now.
  ///
  /// @param room how many more connections are wanted, dials under way already taken off
  /// @param self our own listening endpoint of a family, as far as we know it
  List<Candidate> choose(
      CandidateBook book, Instant now, int room, Function<Family, Optional<PeerAddress>> self) {
    refill(now);
    int count = Math.min(room, (int) credit);
    if (count <= 0) {
      return List.of();
    }
    var bySource = dueBySource(book, now, self);
    var chosen = new ArrayList<Candidate>();
    while (chosen.size() < count && !bySource.isEmpty()) {
      Source source = nextSource(bySource);
      var queue = bySource.get(source);
      if (queue != null) {
        chosen.add(queue.removeFirst().candidate());
        if (queue.isEmpty()) {
          bySource.remove(source);
        }
      }
      lastSource = source;
    }
    credit -= chosen.size();
    return chosen;
  }

  private record Ranked(Candidate candidate, long rank) {}

  private NavigableMap<Source, List<Ranked>> dueBySource(
      CandidateBook book, Instant now, Function<Family, Optional<PeerAddress>> self) {
    var bySource = new TreeMap<Source, List<Ranked>>();
    for (Candidate candidate : book.all()) {
      if (candidate.isDue(now)) {
        bySource
            .computeIfAbsent(candidate.source(), _ -> new ArrayList<>())
            .add(new Ranked(candidate, rank(candidate, self.apply(candidate.address().family()))));
      }
    }
    for (var queue : bySource.values()) {
      queue.sort(
          (a, b) -> {
            int byFailures = Integer.compare(a.candidate().failures(), b.candidate().failures());
            return byFailures != 0 ? byFailures : Long.compare(b.rank(), a.rank());
          });
    }
    return bySource;
  }

  /// The user's word first, then everybody in turn.
  private Source nextSource(NavigableMap<Source, ?> sources) {
    if (sources.containsKey(Source.GIVEN)) {
      return Source.GIVEN;
    }
    Source next = sources.higherKey(lastSource);
    return next != null ? next : sources.firstKey();
  }

  private long rank(Candidate candidate, Optional<PeerAddress> self) {
    return self.map(us -> PeerPriority.of(us, candidate.address()))
        .orElseGet(() -> random.nextLong(1L << 32));
  }

  private void refill(Instant now) {
    if (creditAt != null && now.isAfter(creditAt)) {
      double seconds = Duration.between(creditAt, now).toNanos() / 1e9;
      credit = Math.min(options.maxHalfOpen(), credit + seconds * options.dialsPerSecond());
    }
    creditAt = now;
  }

  /// When another dial may start, if somebody waits for one.
  Instant nextCredit(Instant now) {
    if (credit >= 1) {
      return now;
    }
    return now.plusNanos((long) ((1 - credit) / options.dialsPerSecond() * 1e9) + 1);
  }

  /// When a candidate whose dial failed, or whose connection ended, may be tried again.
  static Instant retryAt(Candidate candidate, Instant now) {
    Duration first = candidate.isGiven() ? SwarmOptions.RETRY_GIVEN : SwarmOptions.RETRY_FIRST;
    int doublings = Math.min(candidate.failures(), 10);
    Duration pause = first.multipliedBy(1L << doublings);
    return now.plus(pause.compareTo(SwarmOptions.RETRY_MAX) < 0 ? pause : SwarmOptions.RETRY_MAX);
  }
}
