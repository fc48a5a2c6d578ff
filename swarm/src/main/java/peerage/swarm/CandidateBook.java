package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// Every address that we have heard of in one swarm, with who told us. Bounded: in all, and in what
/// one teller can put there.
public final class CandidateBook {
  /// How many candidates one teller can keep in the book that nobody else named and that we never
  /// reached; µTorrent keeps 200 contacts of a peer.
  public static final int MAX_PER_TELLER = 200;

  private final int capacity;
  private final LinkedHashMap<PeerAddress, Candidate> candidates = new LinkedHashMap<>();
  private final TreeMap<Source, Integer> hearsayOf = new TreeMap<>();

  /// @param capacity candidates at most
  public CandidateBook(int capacity) {
    this.capacity = capacity;
  }

  /// What became of an address that we heard.
  enum Entry {
    /// It was unknown and is a candidate now.
    NEW,
    /// It was known, but not from this origin.
    CONFIRMED,
    /// It was known from this origin.
    KNOWN,
    /// Its teller has too many in the book already.
    OVER_QUOTA,
    /// The book is full of better ones.
    FULL
  }

  Entry hear(PeerAddress address, Origin origin, PeerFlags flags, Instant now) {
    var hearing = new Candidate.Hearing(origin, now);
    Candidate known = candidates.get(address);
    if (known != null) {
      return hearAgain(known, hearing, flags);
    }
    var candidate = new Candidate(address, hearing, flags);
    if (candidate.isHearsayOnly() && hearsayOf(candidate.source()) >= MAX_PER_TELLER) {
      return Entry.OVER_QUOTA;
    }
    if (candidates.size() >= capacity && !makeRoom(candidate)) {
      return Entry.FULL;
    }
    candidates.put(address, candidate);
    if (candidate.isHearsayOnly()) {
      hearsayOf.merge(candidate.source(), 1, Integer::sum);
    }
    return Entry.NEW;
  }

  private Entry hearAgain(Candidate known, Candidate.Hearing hearing, PeerFlags flags) {
    boolean wasHearsay = known.isHearsayOnly();
    boolean confirmed = known.heardAgain(hearing, flags);
    if (wasHearsay && !known.isHearsayOnly()) {
      release(known.source());
    }
    return confirmed ? Entry.CONFIRMED : Entry.KNOWN;
  }

  int hearsayOf(Source source) {
    return hearsayOf.getOrDefault(source, 0);
  }

  /// Room is made at the expense of who has most in the book: the teller with most unproven
  /// candidates loses its oldest. The word of a stranger (a teller, or a peer about itself) never
  /// displaces that of a teller with as few, nor that of a tracker or the user.
  private boolean makeRoom(Candidate newcomer) {
    boolean strangersWord = newcomer.isHearsayOnly() || newcomer.isClaimOnly();
    Source loudest = newcomer.source();
    int most = strangersWord ? hearsayOf(loudest) + 1 : 0;
    for (var entry : hearsayOf.entrySet()) {
      if (entry.getValue() > most) {
        loudest = entry.getKey();
        most = entry.getValue();
      }
    }
    Optional<Candidate> victim = oldestIdle(ofTeller(loudest));
    if (victim.isEmpty() && !strangersWord) {
      victim = oldestIdle(candidate -> !candidate.isGiven());
    }
    victim.ifPresent(this::forget);
    return victim.isPresent();
  }

  private static Predicate<Candidate> ofTeller(Source teller) {
    return candidate -> candidate.isHearsayOnly() && candidate.source().equals(teller);
  }

  private Optional<Candidate> oldestIdle(Predicate<Candidate> which) {
    return candidates.values().stream()
        .filter(candidate -> candidate.state() == Candidate.State.IDLE)
        .filter(which)
        .findFirst();
  }

  void forgetIf(Predicate<PeerAddress> which) {
    candidates.values().stream()
        .filter(candidate -> which.test(candidate.address()))
        .toList()
        .forEach(this::forget);
  }

  void forget(Candidate candidate) {
    if (candidates.remove(candidate.address()) != null && candidate.isHearsayOnly()) {
      release(candidate.source());
    }
  }

  /// We are connected to who listens there. A candidate whose dial proved true no longer counts
  /// against its teller.
  void connected(PeerAddress endpoint, Direction direction) {
    Candidate candidate = candidates.get(endpoint);
    if (candidate == null) {
      return;
    }
    boolean wasHearsay = candidate.isHearsayOnly();
    candidate.connected(direction);
    if (wasHearsay && !candidate.isHearsayOnly()) {
      release(candidate.source());
    }
  }

  /// The connection to who listens there has ended.
  ///
  /// @param stayed how long it lasted
  void disconnected(PeerAddress endpoint, Duration stayed, Instant now) {
    get(endpoint).ifPresent(c -> c.disconnected(ConnectionPolicy.retryAt(c, now)));
  }

  /// It answered our dial, but we had no room for it.
  void answered(PeerAddress endpoint, Instant now) {
    Candidate candidate = candidates.get(endpoint);
    if (candidate != null && !candidate.isConnected()) {
      connected(endpoint, Direction.OUTGOING);
      candidate.disconnected(ConnectionPolicy.retryAt(candidate, now));
    }
  }

  private void release(Source teller) {
    hearsayOf.computeIfPresent(teller, (_, count) -> count > 1 ? count - 1 : null);
  }

  /// The candidate at an address.
  public Optional<Candidate> get(PeerAddress address) {
    return Optional.ofNullable(candidates.get(address));
  }

  /// All candidates, the one heard of first first. A view.
  public Collection<Candidate> all() {
    return Collections.unmodifiableCollection(candidates.values());
  }

  /// How many candidates there are.
  public int size() {
    return candidates.size();
  }
}
