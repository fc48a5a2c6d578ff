package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.announce.AnnounceResponse;
import peerage.announce.Announcer;
import peerage.announce.Progress;
import peerage.peers.InfoHash;
import peerage.peers.PeerId;
import peerage.swarm.ExchangeView;

/// How often a swarm that would like more peers announces itself, in virtual time.
final class PeerAppealsTest {
  private static final String URL = "http://t.example/announce";
  private static final ExchangeView HEALTHY = new ExchangeView(2, 5, 0);
  private static final ExchangeView WEAK = new ExchangeView(1, 5, 0);
  private static final Duration INTERVAL = Duration.ofMinutes(30);
  private static final Duration MIN_INTERVAL = Duration.ofMinutes(1);

  /// A swarm's announces in twelve hours.
  private record Course(List<Duration> announces, long saved) {}

  @Test
  void announcesThinOutToTheTrackersIntervalWhilePeerExchangeIsHealthy() {
    Course healthy = course(5, HEALTHY);
    Course weak = course(5, WEAK);
    assertThat(healthy.announces()).hasSize(25).containsExactlyElementsOf(everyHalfHour());
    assertThat(weak.announces().size()).isGreaterThan(healthy.announces().size());
    assertThat(weak.saved()).isZero();
    assertThat(healthy.saved()).isBetween(6L, 60L);
  }

  private static List<Duration> everyHalfHour() {
    var times = new ArrayList<Duration>();
    for (int i = 0; i <= 24; i++) {
      times.add(INTERVAL.multipliedBy(i));
    }
    return times;
  }

  @Test
  void whoHasNobodyAsksAsOftenAsTheTrackerAllows() {
    assertThat(course(0, HEALTHY).announces()).hasSize(12 * 60 + 1);
  }

  @Test
  void whoHasEnoughAsksNoOftenerThanTheInterval() {
    Course course = course(PeerAppeals.ENOUGH, WEAK);
    assertThat(course.announces()).hasSize(25);
    assertThat(course.saved()).isZero();
  }

  @Test
  void healthNeedsTwoTellersAndASupply() {
    assertThat(new ExchangeView(2, 2, 2).isHealthy()).isTrue();
    assertThat(new ExchangeView(2, 2, 1).isHealthy()).isFalse();
    assertThat(new ExchangeView(1, 9, 9).isHealthy()).isFalse();
  }

  private static Course course(int peers, ExchangeView exchange) {
    var announcer =
        new Announcer(
            new Announcer.Identity(
                InfoHash.parse("aa".repeat(20)), 6881, PeerId.ours(new Random(1)), 7),
            List.of(List.of(URL)),
            new SplittableRandom(1));
    var appeals = new PeerAppeals();
    var announces = new ArrayList<Duration>();
    Instant now = Instant.EPOCH;
    pass(announcer, new Announcer.Input.Started(new Progress(0, 0, 9)), now, announces);
    while (!now.isAfter(Instant.EPOCH.plus(Duration.ofHours(12)))) {
      Optional<Announcer.Input> appeal = appeals.due(peers, () -> exchange, now);
      if (appeal.isPresent()) {
        pass(announcer, appeal.get(), now, announces);
      }
      pass(announcer, new Announcer.Input.Tick(), now, announces);
      now = now.plusSeconds(1);
    }
    return new Course(announces, announcer.saved());
  }

  /// The tracker answers at once.
  private static void pass(
      Announcer announcer, Announcer.Input input, Instant now, List<Duration> announces) {
    for (Announcer.Output output : announcer.handle(input, now)) {
      if (output instanceof Announcer.Output.Announce) {
        announces.add(Duration.between(Instant.EPOCH, now));
        pass(announcer, new Announcer.Input.Answered(URL, answer()), now, announces);
      }
    }
  }

  private static AnnounceResponse.Answer answer() {
    return new AnnounceResponse.Answer(
        INTERVAL,
        Optional.of(MIN_INTERVAL),
        List.of(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0);
  }
}
