package peerage.swarm;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
  private final LinkedHashMap<Origin, Integer> hearsayOf = new LinkedHashMap<>();

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
      boolean wasHearsay = known.isHearsayOnly();
      Origin first = known.firstOrigin();
      boolean confirmed = known.heardAgain(hearing, flags);
      if (wasHearsay && !known.isHearsayOnly()) {
        release(first);
      }
      return confirmed ? Entry.CONFIRMED : Entry.KNOWN;
    }
    boolean hearsay = origin instanceof Origin.Pex;
    if (hearsay && hearsayOf.getOrDefault(origin, 0) >= MAX_PER_TELLER) {
      return Entry.OVER_QUOTA;
    }
    if (candidates.size() >= capacity && !makeRoom(hearsay)) {
      return Entry.FULL;
    }
    var candidate = new Candidate(address, hearing);
    candidate.heardAgain(hearing, flags);
    candidates.put(address, candidate);
    if (hearsay) {
      hearsayOf.merge(origin, 1, Integer::sum);
    }
    return Entry.NEW;
  }

  /// Room is made at the expense of who has most in the book: the teller with most unproven
  /// candidates loses its oldest. A tracker's or the user's word displaces hearsay, never the other
  /// way round.
  private boolean makeRoom(boolean forHearsay) {
    Optional<Origin> loudest =
        hearsayOf.entrySet().stream()
            .max(Comparator.comparingInt(Map.Entry::getValue))
            .map(Map.Entry::getKey);
    @Nullable Candidate victim = null;
    for (Candidate candidate : candidates.values()) {
      boolean ofLoudest = loudest.isPresent() && candidate.firstOrigin().equals(loudest.get());
      if (ofLoudest && candidate.state() == Candidate.State.IDLE && candidate.isHearsayOnly()) {
        victim = candidate;
        break;
      }
      boolean replaceable = candidate.state() == Candidate.State.IDLE && !candidate.isGiven();
      if (victim == null && !forHearsay && replaceable) {
        victim = candidate;
      }
    }
    if (victim == null) {
      return false;
    }
    forget(victim);
    return true;
  }

  void forget(Candidate candidate) {
    if (candidates.remove(candidate.address()) != null && candidate.isHearsayOnly()) {
      release(candidate.firstOrigin());
    }
  }

  /// A candidate that proved true no longer counts against its teller.
  void proved(Candidate candidate, Direction direction) {
    boolean wasHearsay = candidate.isHearsayOnly();
    candidate.connected(direction);
    if (wasHearsay && !candidate.isHearsayOnly()) {
      release(candidate.firstOrigin());
    }
  }

  private void release(Origin teller) {
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
