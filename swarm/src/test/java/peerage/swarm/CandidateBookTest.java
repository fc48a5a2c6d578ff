package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.TRACKER;
import static peerage.swarm.Rig.number;
import static peerage.swarm.Rig.numbers;
import static peerage.swarm.Rig.teller;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.swarm.CandidateBook.Entry;
import peerage.testkit.Seeds;

/// What the book keeps, of whom, and who has to go when it is full.
final class CandidateBookTest {
  private static final PeerAddress A = number(1);
  private static final Origin LOUD = teller("8.0.0.1:1");
  private static final Origin QUIET = teller("9.0.0.1:1");

  private CandidateBook book = new CandidateBook(1_000, new SplittableRandom(1));
  private Instant now = Instant.EPOCH;

  @Test
  void itKeepsWhoToldItHowAndWhen() {
    hear(A, TRACKER);
    now = now.plusSeconds(5);
    hear(A, QUIET);
    now = now.plusSeconds(5);
    hear(A, QUIET);

    assertThat(candidate(A).hearings())
        .containsExactly(
            new Candidate.Hearing(TRACKER, Instant.EPOCH),
            new Candidate.Hearing(QUIET, Instant.EPOCH.plusSeconds(5)));
    assertThat(candidate(A).firstOrigin()).isEqualTo(TRACKER);
  }

  @Test
  void aThousandTellersAreNotAllRemembered() {
    for (int i = 0; i < 1_000; i++) {
      hear(A, teller(number(i).toString()));
    }
    assertThat(candidate(A).hearings()).hasSize(Candidate.MAX_ORIGINS);
  }

  @Test
  void aTrackersWordIsRememberedEvenAfterManyTellers() {
    for (int i = 0; i < 20; i++) {
      hear(A, teller(number(i).toString()));
    }
    assertThat(hear(A, TRACKER)).isEqualTo(Entry.CONFIRMED);
    assertThat(candidate(A).hearings()).hasSize(Candidate.MAX_ORIGINS);
    assertThat(candidate(A).firstOrigin()).isEqualTo(teller(number(0).toString()));
    assertThat(candidate(A).isHearsayOnly()).isFalse();
  }

  @Test
  void whatTellersClaimOfACandidateIsKeptApartAsHearsay() {
    hear(A, LOUD, PeerFlags.NONE.with(PeerFlags.UPLOAD_ONLY));
    hear(A, QUIET, PeerFlags.NONE.with(PeerFlags.REACHABLE));

    assertThat(candidate(A).hearsay().bits()).isEqualTo(0x12);
    assertThat(candidate(A).isVerified()).isFalse();
  }

  // Quotas

  @Test
  void aTellerKeepsSixtyUnprovenCandidates() {
    hearAll(numbers(0, CandidateBook.MAX_PER_TELLER), LOUD);

    assertThat(hear(number(500), LOUD)).isEqualTo(Entry.OVER_QUOTA);
    assertThat(hear(number(500), QUIET)).isEqualTo(Entry.NEW);
    assertThat(hear(number(500), LOUD)).isEqualTo(Entry.CONFIRMED);
  }

  @Test
  void anotherPortIsNoOtherTeller() {
    hearAll(numbers(0, CandidateBook.MAX_PER_TELLER), LOUD);

    assertThat(hear(number(500), teller("8.0.0.1:2"))).isEqualTo(Entry.OVER_QUOTA);
    assertThat(hear(number(500), teller("8.0.0.2:1"))).isEqualTo(Entry.NEW);
  }

  @Test
  void anotherHostOfTheSameIpv6NetworkIsNoOtherTeller() {
    hearAll(numbers(0, CandidateBook.MAX_PER_TELLER), teller("[2a00::1]:1"));

    assertThat(hear(number(500), teller("[2a00::ffff:2]:2"))).isEqualTo(Entry.OVER_QUOTA);
    assertThat(hear(number(500), teller("[2a00:0:0:1::1]:1"))).isEqualTo(Entry.NEW);
  }

  @Test
  void onTheLoopbackNetworkAnotherPortIsAnotherTeller() {
    hearAll(numbers(0, CandidateBook.MAX_PER_TELLER), teller("127.0.0.1:1"));

    assertThat(hear(number(500), teller("127.0.0.1:2"))).isEqualTo(Entry.NEW);
  }

  @Test
  void aCandidateThatProvedTrueOrThatATrackerNamesNoLongerCounts() {
    hearAll(numbers(0, CandidateBook.MAX_PER_TELLER), LOUD);
    book.connected(number(0), Direction.OUTGOING);
    assertThat(hear(number(500), LOUD)).isEqualTo(Entry.NEW);
    assertThat(hear(number(501), LOUD)).isEqualTo(Entry.OVER_QUOTA);

    hear(number(1), TRACKER);
    assertThat(hear(number(501), LOUD)).isEqualTo(Entry.NEW);
  }

  // Room

  @Test
  void aFloodingTellerDisplacesNobodyElse() {
    book = new CandidateBook(100, new SplittableRandom(1));
    hearAll(numbers(0, 60), TRACKER);
    for (int i = 60; i < 100; i++) {
      hear(number(i), teller((20 + i) + ".0.0.1:1"));
    }
    hearAll(numbers(500, 500), LOUD);

    assertThat(book.size()).isEqualTo(100);
    assertThat(numbers(0, 100)).allMatch(address -> book.get(address).isPresent());
  }

  @Test
  void aQuietTellerDisplacesTheLoudestOne() {
    book = new CandidateBook(100, new SplittableRandom(1));
    hearAll(numbers(0, 60), LOUD);
    hearAll(numbers(100, 10), teller("9.9.9.9:1"));
    hearAll(numbers(200, 45), QUIET);

    assertThat(of(LOUD)).isEqualTo(45);
    assertThat(of(QUIET)).isEqualTo(45);
    assertThat(of(teller("9.9.9.9:1"))).isEqualTo(10);
    assertThat(book.get(number(0))).as("the oldest goes first").isEmpty();
    assertThat(book.get(number(59))).isPresent();
  }

  @Test
  void whoIsAsLoudAsTheLoudestReplacesItsOwn() {
    book = new CandidateBook(100, new SplittableRandom(1));
    hearAll(numbers(0, 50), LOUD);
    hearAll(numbers(100, 60), QUIET);

    assertThat(of(LOUD)).isEqualTo(50);
    assertThat(of(QUIET)).isEqualTo(50);
    assertThat(book.get(number(159))).isPresent();
  }

  @Test
  void aTrackersWordDisplacesHearsayAndNotTheOtherWayRound() {
    book = new CandidateBook(10, new SplittableRandom(1));
    hearAll(numbers(0, 10), LOUD);
    hearAll(numbers(100, 10), TRACKER);
    assertThat(of(LOUD)).isZero();

    assertThat(hear(number(500), QUIET)).isEqualTo(Entry.FULL);
    assertThat(hear(number(600), TRACKER)).as("its own oldest goes").isEqualTo(Entry.NEW);
    assertThat(book.size()).isEqualTo(10);
  }

  @Test
  void whatPeersClaimOfThemselvesDisplacesNoTrackersWord() {
    book = new CandidateBook(10, new SplittableRandom(1));
    hearAll(numbers(0, 10), TRACKER);

    assertThat(hear(number(500), new Origin.Incoming())).isEqualTo(Entry.FULL);
  }

  @Test
  void whomTheUserNamedStaysAndWhoIsDialledOrConnectedToo() {
    book = new CandidateBook(3, new SplittableRandom(1));
    hear(number(0), new Origin.Given());
    hear(number(1), TRACKER);
    hear(number(2), TRACKER);
    candidate(number(1)).dialling();
    book.connected(number(2), Direction.OUTGOING);

    assertThat(hear(number(3), TRACKER)).isEqualTo(Entry.FULL);
    assertThat(numbers(0, 3)).allMatch(address -> book.get(address).isPresent());
  }

  /// What each teller has is what is counted for it.
  @Seeds(30)
  void whateverHappensTheBoundsHold(long seed) {
    var random = new SplittableRandom(seed);
    book = new CandidateBook(300, new SplittableRandom(1));
    List<Origin> origins =
        List.of(
            LOUD, QUIET, teller("10.0.0.1:1"), TRACKER, new Origin.Given(), new Origin.Incoming());
    for (int i = 0; i < 2_000; i++) {
      PeerAddress address = number(random.nextInt(600));
      Origin origin = origins.get(Math.min(random.nextInt(12), random.nextInt(origins.size())));
      switch (random.nextInt(8)) {
        case 0 -> book.connected(address, Direction.OUTGOING);
        case 1 -> book.connected(address, Direction.INCOMING);
        case 2 -> book.get(address).ifPresent(book::forget);
        case 3 -> book.get(address).ifPresent(c -> c.disconnected(false, now));
        default -> hear(address, origin);
      }
      assertThat(book.size()).isLessThanOrEqualTo(300);
    }
    for (Origin origin : List.of(LOUD, QUIET)) {
      assertThat(of(origin)).isLessThanOrEqualTo(CandidateBook.MAX_PER_TELLER);
    }
    book.forgetIf(_ -> true);
    assertEmptyFor(LOUD, 0);
    assertEmptyFor(QUIET, 100);
  }

  /// Nothing counts against a teller of whom nothing is left.
  private void assertEmptyFor(Origin teller, int from) {
    assertThat(numbers(from, CandidateBook.MAX_PER_TELLER))
        .allMatch(address -> hear(address, teller) == Entry.NEW);
    assertThat(hear(number(500), teller)).isEqualTo(Entry.OVER_QUOTA);
  }

  private Entry hear(PeerAddress address, Origin origin) {
    return hear(address, origin, PeerFlags.NONE);
  }

  private Entry hear(PeerAddress address, Origin origin, PeerFlags flags) {
    return book.hear(address, origin, flags, Direction.OUTGOING, now);
  }

  private void hearAll(List<PeerAddress> addresses, Origin origin) {
    addresses.forEach(address -> hear(address, origin));
  }

  private Candidate candidate(PeerAddress address) {
    return book.get(address).orElseThrow();
  }

  private long of(Origin origin) {
    return book.all().stream()
        .filter(c -> c.isHearsayOnly() && c.firstOrigin().equals(origin))
        .count();
  }
}
