package peerage.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import peerage.announce.AnnounceResponse.Answer;
import peerage.announce.AnnounceResponse.Failure;
import peerage.announce.AnnounceResponse.Retry;
import peerage.announce.Announcer.Input;
import peerage.announce.Announcer.Output;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;

/// An announcer and a clock that stands still between the lines of a test. Trackers are named by
/// one letter: `a` is `http://a.example/announce`.
final class AnnouncerDriver {
  static final Announcer.Identity IDENTITY =
      new Announcer.Identity(
          InfoHash.parse("00".repeat(20)), 6881, PeerId.ours(new Random(1)), 0xC0FFEE);

  private static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

  private final Announcer announcer;
  private Instant now = BEGINNING;

  private AnnouncerDriver(Announcer announcer) {
    this.announcer = announcer;
  }

  /// @param tiers one letter per tracker, one word per tier, as in `ab c`
  static AnnouncerDriver over(String tiers, long seed) {
    List<List<String>> urls = new ArrayList<>();
    for (String tier : tiers.split(" ", -1)) {
      urls.add(tier.chars().mapToObj(letter -> url((char) letter)).toList());
    }
    return new AnnouncerDriver(new Announcer(IDENTITY, urls, new SplittableRandom(seed)));
  }

  static AnnouncerDriver overUrls(List<String> urls) {
    return new AnnouncerDriver(new Announcer(IDENTITY, List.of(urls), new SplittableRandom(0)));
  }

  /// One that has said its `started`, of 1000 bytes to download.
  static AnnouncerDriver started(String tiers) {
    AnnouncerDriver driver = over(tiers, 0);
    driver.start(1000);
    return driver;
  }

  List<String> start(long left) {
    return say(new Input.Started(new Progress(0, 0, left)));
  }

  List<String> answer(String tracker, String interval) {
    return say(new Input.Answered(url(tracker.charAt(0)), answered(interval, Optional.empty())));
  }

  List<String> answer(String tracker, String interval, String minInterval) {
    return say(
        new Input.Answered(
            url(tracker.charAt(0)), answered(interval, Optional.of(duration(minInterval)))));
  }

  List<String> answer(String tracker, Answer answer) {
    return say(new Input.Answered(url(tracker.charAt(0)), answer));
  }

  List<String> refuse(String tracker, Retry retry) {
    return say(new Input.Refused(url(tracker.charAt(0)), new Failure("go away", retry)));
  }

  List<String> fail(String tracker) {
    return say(new Input.Failed(url(tracker.charAt(0)), "no route"));
  }

  List<String> say(Input input) {
    return announcer.handle(input, now).stream().map(this::shown).toList();
  }

  List<Output> outputs(Input input) {
    return announcer.handle(input, now);
  }

  /// Lets time pass, without a tick.
  AnnouncerDriver after(String time) {
    now = now.plus(duration(time));
    return this;
  }

  List<String> tick() {
    return say(new Input.Tick());
  }

  /// Goes to the next deadline and ticks there.
  List<String> atDeadline() {
    now = announcer.nextDeadline().orElseThrow();
    return tick();
  }

  /// How long it is until the next deadline, as in `PT30S`.
  Optional<Duration> untilDeadline() {
    return announcer.nextDeadline().map(at -> Duration.between(now, at));
  }

  long saved() {
    return announcer.saved();
  }

  String time() {
    return time(now);
  }

  static AnnounceRequest request(List<Output> outputs) {
    assertThat(outputs).hasSize(1);
    assertThat(outputs.getFirst()).isInstanceOf(Output.Announce.class);
    return ((Output.Announce) outputs.getFirst()).request();
  }

  static String url(char letter) {
    return "http://" + letter + ".example/announce";
  }

  static Duration duration(String text) {
    return Duration.parse("PT" + text);
  }

  private static Answer answered(String interval, Optional<Duration> minInterval) {
    return new Answer(
        duration(interval),
        minInterval,
        List.of(PeerAddress.parse("1.2.3.4:5").orElseThrow()),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0);
  }

  private String shown(Output output) {
    return switch (output) {
      case Output.Announce(String url, AnnounceRequest request) ->
          "announce to " + letter(url) + request.event().map(it -> ": " + it.word()).orElse("");
      case Output.Heard(String url, Answer answer) ->
          "heard " + answer.peers().size() + " peers from " + letter(url);
      case Output.TrackerFailed(String url, String why, Optional<Instant> next) ->
          letter(url) + " failed: " + why + next.map(at -> ", next at " + time(at)).orElse("");
      case Output.Skipped(String url, String why) -> "skipped " + letter(url) + ": " + why;
      case Output.Exhausted(Optional<Instant> next) ->
          "exhausted, " + next.map(at -> "next at " + time(at)).orElse("for good");
    };
  }

  private static String letter(String url) {
    return url.matches("http://[a-z]\\.example/announce") ? url.substring(7, 8) : url;
  }

  private static String time(Instant at) {
    Duration since = Duration.between(BEGINNING, at);
    return "%d:%02d:%02d".formatted(since.toHours(), since.toMinutesPart(), since.toSecondsPart());
  }
}
