package peerage.swarm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import peerage.peers.PeerAddress;

/// The two tables of the [CandidateBook], as Bitcoin's address manager has them: where an address
/// stands is chosen by a hash with a secret key, so that nobody can aim at the places of others,
/// and who speaks from one network, or of one network, reaches a few places only.
final class Buckets {
  /// Places of hearsay, and how many of them one network of tellers reaches. Bitcoin: 1,024 and 64
  /// for a table forty times as large; the same sixteenth would leave a swarm of one network of
  /// tellers too little, so an eighth.
  private static final int NEW_BUCKETS = 64;

  private static final int NEW_OF_TELLER = 8;

  /// Places of the proven, and how many of them one network of peers reaches (Bitcoin: 256 and 8).
  private static final int TRIED_BUCKETS = 32;

  private static final int TRIED_OF_NETWORK = 4;

  /// What a place holds: the quota of a teller, spread over its eight places, fits with room to
  /// spare; and the proven fill a quarter of the book of [SwarmOptions#DEFAULT].
  private static final int NEW_SIZE = 24;

  private static final int TRIED_SIZE = 16;

  private final SipHash secret;
  private final List<List<Candidate>> hearsay = empty(NEW_BUCKETS);
  private final List<List<Candidate>> tried = empty(TRIED_BUCKETS);

  Buckets(SipHash secret) {
    this.secret = secret;
  }

  void add(Candidate candidate) {
    place(candidate).ifPresent(place -> place.add(candidate));
  }

  void remove(Candidate candidate) {
    place(candidate).ifPresent(place -> place.remove(candidate));
  }

  /// Whether there is no room for this hearsay.
  boolean isCrowded(Candidate newcomer) {
    return newcomer.isHearsayOnly() && hearsayPlace(newcomer).size() >= NEW_SIZE;
  }

  /// Who gives way to hearsay: what failed, or was withdrawn.
  Optional<Candidate> worstBeside(Candidate newcomer) {
    return hearsayPlace(newcomer).stream()
        .filter(idle(newcomer))
        .filter(other -> other.failures() > 0 || other.isWithdrawn())
        .findFirst();
  }

  /// Who gives way to one that has just proved itself: who answered longest ago, if its place is
  /// over-full. Whoever is connected or dialled stays.
  Optional<Candidate> stalestBeside(Candidate proven) {
    List<Candidate> place = triedPlace(proven);
    return place.size() <= TRIED_SIZE
        ? Optional.empty()
        : place.stream().filter(idle(proven)).min(Buckets::byLastSuccess);
  }

  private static int byLastSuccess(Candidate a, Candidate b) {
    return a.lastSuccess()
        .map(at -> b.lastSuccess().map(at::compareTo).orElse(1))
        .orElse(b.lastSuccess().isPresent() ? -1 : 0);
  }

  private static Predicate<Candidate> idle(Candidate newcomer) {
    return other -> other != newcomer && other.state() == Candidate.State.IDLE && !other.isGiven();
  }

  private Optional<List<Candidate>> place(Candidate candidate) {
    if (candidate.isVerified()) {
      return Optional.of(triedPlace(candidate));
    }
    return candidate.isHearsayOnly() ? Optional.of(hearsayPlace(candidate)) : Optional.empty();
  }

  private List<Candidate> hearsayPlace(Candidate candidate) {
    PeerAddress stranger = Candidate.stranger(candidate.firstOrigin()).orElseThrow();
    byte[] teller = Network.group(stranger).bytes();
    byte[] contact = Network.group(candidate.address()).bytes();
    long nth = Long.remainderUnsigned(hash(teller, contact, 0), NEW_OF_TELLER);
    return hearsay.get((int) Long.remainderUnsigned(hash(teller, new byte[0], nth), NEW_BUCKETS));
  }

  private List<Candidate> triedPlace(Candidate candidate) {
    byte[] group = Network.group(candidate.address()).bytes();
    byte[] host = Network.host(candidate.address()).bytes();
    long nth = Long.remainderUnsigned(hash(group, host, 1), TRIED_OF_NETWORK);
    return tried.get((int) Long.remainderUnsigned(hash(group, new byte[0], nth), TRIED_BUCKETS));
  }

  private long hash(byte[] one, byte[] other, long number) {
    return secret.of(
        ByteBuffer.allocate(1 + one.length + other.length + Long.BYTES)
            .put((byte) one.length)
            .put(one)
            .put(other)
            .putLong(number)
            .array());
  }

  private static List<List<Candidate>> empty(int count) {
    var places = new ArrayList<List<Candidate>>(count);
    for (int i = 0; i < count; i++) {
      places.add(new ArrayList<>());
    }
    return places;
  }
}
