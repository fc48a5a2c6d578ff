package peerage.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.announce.AnnounceResponse.Answer;
import peerage.announce.AnnounceResponse.Failure;
import peerage.announce.AnnounceResponse.Retry;
import peerage.announce.Announcer.Input;
import peerage.announce.Announcer.Output;
import peerage.testkit.Seeds;

/// What holds in any world of trackers, however they behave.
final class AnnouncerWorldTest {
  private static final int STEPS = 400;

  @Seeds(300)
  void mannersAreKeptInEveryWorld(long seed) {
    new World(new SplittableRandom(seed)).run();
  }

  @Seeds(20)
  void theSameSeedGivesTheSameCourse(long seed) {
    assertThat(new World(new SplittableRandom(seed)).run())
        .isEqualTo(new World(new SplittableRandom(seed)).run());
  }

  /// A day or so of a torrent whose trackers answer, refuse, stay silent and answer late at random.
  private static final class World {
    private final RandomGenerator random;
    private final Announcer announcer;
    private final List<String> urls = new ArrayList<>();
    private final Map<String, Instant> notBefore = new LinkedHashMap<>();
    private final LinkedHashSet<String> asked = new LinkedHashSet<>();
    private final LinkedHashSet<String> accepted = new LinkedHashSet<>();
    private final LinkedHashSet<String> banned = new LinkedHashSet<>();
    private final List<Output> course = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private @Nullable String outstanding;
    private @Nullable Instant sentAt;
    private boolean completedSaid;
    private final boolean seedFromTheStart;

    World(SplittableRandom random) {
      this.random = random;
      this.seedFromTheStart = random.nextInt(4) == 0;
      List<List<String>> tiers = new ArrayList<>();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        List<String> tier = new ArrayList<>();
        for (int j = random.nextInt(1, 4); j > 0; j--) {
          tier.add("http://t" + i + j + ".example/announce");
        }
        urls.addAll(tier);
        tiers.add(tier);
      }
      this.announcer = new Announcer(AnnouncerDriver.IDENTITY, tiers, random.split());
    }

    List<Output> run() {
      say(new Input.Started(new Progress(0, 0, seedFromTheStart ? 0 : 7)));
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      stop();
      return course;
    }

    private void step() {
      switch (random.nextInt(12)) {
        case 0 -> say(random.nextBoolean() ? new Input.PeersWanted() : new Input.PeersExchanged());
        case 1 -> say(new Input.Progressed(new Progress(random.nextInt(99), 1, 7)));
        case 2 -> complete();
        case 3 -> anybodySaysAnything();
        case 4 -> now = now.plusMillis(random.nextInt(90_000));
        case 5 -> say(new Input.Tick());
        case 6, 7, 8 -> tickAtDeadline();
        default -> theOneAskedReacts();
      }
    }

    private void complete() {
      if (random.nextInt(10) == 0) {
        completedSaid = !seedFromTheStart;
        say(new Input.Completed());
      }
    }

    private void tickAtDeadline() {
      Optional<Instant> deadline = announcer.nextDeadline();
      if (deadline.isPresent()) {
        now = now.isAfter(deadline.get()) ? now : deadline.get();
        say(new Input.Tick());
        announcer.nextDeadline().ifPresent(next -> assertThat(next).isAfter(now));
      }
    }

    private void theOneAskedReacts() {
      if (outstanding == null) {
        return;
      }
      String url = outstanding;
      now = now.plusMillis(random.nextInt(5_000));
      switch (random.nextInt(4)) {
        case 0 -> say(new Input.Failed(url, "no route"));
        case 1 -> say(new Input.Refused(url, new Failure("no", anyRetry())));
        default -> say(new Input.Answered(url, anyAnswer()));
      }
    }

    private void anybodySaysAnything() {
      String url = urls.get(random.nextInt(urls.size()));
      if (url.equals(outstanding)) {
        return;
      }
      switch (random.nextInt(3)) {
        case 0 -> say(new Input.Failed(url, "no route"));
        case 1 -> say(new Input.Refused(url, new Failure("no", new Retry.Never())));
        default -> say(new Input.Answered(url, anyAnswer()));
      }
    }

    private void say(Input input) {
      noteBefore(input);
      List<Output> outputs = announcer.handle(input, now);
      course.addAll(outputs);
      outputs.forEach(this::check);
    }

    private void noteBefore(Input input) {
      switch (input) {
        case Input.Answered(String url, Answer answer) when asked.contains(url) -> {
          accepted.add(url);
          Instant until = now.plus(gap(answer));
          notBefore.merge(url, until, (a, b) -> a.isAfter(b) ? a : b);
          outstanding = url.equals(outstanding) ? null : outstanding;
        }
        case Input.Refused(String url, Failure failure) when url.equals(outstanding) -> {
          outstanding = null;
          if (failure.retry() instanceof Retry.Never) {
            banned.add(url);
          }
        }
        case Input.Failed(String url, String _) when url.equals(outstanding) -> outstanding = null;
        case Input.Tick() when sentAt != null && !now.isBefore(sentAt.plus(Announcer.TIMEOUT)) ->
            outstanding = null;
        default -> {}
      }
    }

    private static Duration gap(Answer answer) {
      Duration minute = Duration.ofMinutes(1);
      Duration most = answer.interval().compareTo(minute) < 0 ? answer.interval() : minute;
      return answer.minInterval().orElse(most);
    }

    private void check(Output output) {
      switch (output) {
        case Output.Announce(String url, AnnounceRequest request) -> checkAnnounce(url, request);
        case Output.Exhausted(Optional<Instant> next) -> {
          assertThat(next).isEqualTo(announcer.nextDeadline());
          next.ifPresent(at -> assertThat(at).isAfter(now.plusSeconds(11)));
        }
        case Output.TrackerFailed(String _, String _, Optional<Instant> next) ->
            next.ifPresent(at -> assertThat(at).isAfter(now));
        case Output.Heard(String url, Answer _) -> assertThat(asked).contains(url);
        case Output.Skipped(String url, String _) -> assertThat(banned).contains(url);
      }
    }

    private void checkAnnounce(String url, AnnounceRequest request) {
      assertThat(outstanding).as("never two outstanding").isNull();
      assertThat(banned).as("never after never").doesNotContain(url);
      Optional<AnnounceEvent> event = request.event();
      assertThat(event.equals(Optional.of(AnnounceEvent.STARTED)))
          .as("started until accepted, and not again")
          .isEqualTo(!accepted.contains(url));
      if (event.equals(Optional.of(AnnounceEvent.COMPLETED))) {
        assertThat(completedSaid).isTrue();
      } else {
        assertThat(now)
            .as("never before the min interval")
            .isAfterOrEqualTo(notBefore.getOrDefault(url, Instant.MIN));
      }
      asked.add(url);
      outstanding = url;
      sentAt = now;
    }

    private void stop() {
      List<Output> last = announcer.handle(new Input.Stopped(), now);
      List<String> told = new ArrayList<>();
      for (Output output : last) {
        assertThat(output).isInstanceOf(Output.Announce.class);
        var announce = (Output.Announce) output;
        assertThat(announce.request().event()).contains(AnnounceEvent.STOPPED);
        told.add(announce.url());
      }
      List<String> known = new ArrayList<>(accepted);
      known.removeAll(banned);
      assertThat(told).containsExactlyInAnyOrderElementsOf(known);
      assertThat(announcer.nextDeadline()).isEmpty();
    }

    private Retry anyRetry() {
      return switch (random.nextInt(20)) {
        case 0 -> new Retry.Never();
        case 1, 2, 3, 4, 5 -> new Retry.After(Duration.ofMinutes(random.nextInt(1, 90)));
        default -> new Retry.Unsaid();
      };
    }

    private Answer anyAnswer() {
      boolean bounded = random.nextBoolean();
      return new Answer(
          Duration.ofSeconds(random.nextInt(30, 3600)),
          bounded ? Optional.of(Duration.ofSeconds(random.nextInt(30, 3600))) : Optional.empty(),
          List.of(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          random.nextBoolean() ? Optional.of("id" + random.nextInt(9)) : Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0);
    }
  }
}
