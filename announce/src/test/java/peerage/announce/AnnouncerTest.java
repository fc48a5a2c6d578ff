package peerage.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.announce.AnnouncerDriver.duration;
import static peerage.announce.AnnouncerDriver.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peerage.announce.AnnounceResponse.Answer;
import peerage.announce.AnnounceResponse.Retry;
import peerage.announce.Announcer.Input;
import peerage.announce.Announcer.Output;

final class AnnouncerTest {
  private static final Retry UNSAID = new Retry.Unsaid();

  @Nested
  final class WhichTracker {
    @Test
    void tierByTierUntilOneAnswers() {
      var it = AnnouncerDriver.over("a b c", 0);
      assertThat(it.start(1000)).containsExactly("announce to a: started");
      assertThat(it.fail("a")).containsExactly("a failed: no route", "announce to b: started");
      assertThat(it.refuse("b", UNSAID))
          .containsExactly("b failed: refused: go away", "announce to c: started");
      assertThat(it.answer("c", "30M")).containsExactly("heard 1 peers from c");
    }

    @Test
    void aTierIsShuffledOnceAndTiersAreNotMixed() {
      var firsts = new TreeSet<String>();
      for (int seed = 0; seed < 50; seed++) {
        var it = AnnouncerDriver.over("abc d", seed);
        List<String> order = failingRound(it, it.start(1000));
        assertThat(order).hasSize(4).endsWith("d").contains("a", "b", "c");
        assertThat(failingRound(it, it.atDeadline())).isEqualTo(order);
        firsts.add(order.getFirst());
      }
      assertThat(firsts).containsExactly("a", "b", "c");
    }

    @Test
    void theOneThatAnswersMovesToTheFrontOfItsTier() {
      var it = AnnouncerDriver.over("abc d", 0);
      List<String> order = new ArrayList<>();
      order.add(asked(it.start(1000)));
      order.add(asked(it.fail(order.get(0))));
      order.add(asked(it.fail(order.get(1))));
      it.answer(order.get(2), "30M");
      assertThat(failingRound(it, it.atDeadline()))
          .containsExactly(order.get(2), order.get(0), order.get(1), "d");
    }

    @Test
    void everyAnnounceBeginsAtTheFirstTierAgain() {
      var it = AnnouncerDriver.started("a b");
      it.fail("a");
      it.answer("b", "30M");
      assertThat(it.atDeadline()).containsExactly("announce to a: started");
    }

    @Test
    void aTrackerNamedTwiceIsAskedOnce() {
      var it = AnnouncerDriver.over("a ab a", 0);
      assertThat(failingRound(it, it.start(1000))).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            udp://t.example/announce      | its URL names no port, which a UDP tracker's must
            udp:///announce               | its URL names no host
            wss://t.example               | WebSocket trackers are not supported: they join browsers
            ftp://t.example/announce      | its URL begins neither with http: nor https: nor udp:
            t.example/announce            | its URL begins neither with http: nor https: nor udp:
            http:///announce              | its URL names no host
            http://t.example/a b          | it is no URL
            """)
    void whatIsNoTrackerOfOursIsSkippedWithAReason(String url, String why) {
      var it = AnnouncerDriver.overUrls(List.of(url, AnnouncerDriver.url('a')));
      assertThat(it.start(1000))
          .containsExactly("skipped " + url + ": " + why, "announce to a: started");
    }

    @Test
    void aUdpTrackerIsAskedLikeAnyOther() {
      var it = AnnouncerDriver.overUrls(List.of("udp://t.example:6969/announce"));
      assertThat(it.start(1000))
          .containsExactly("announce to udp://t.example:6969/announce: started");
    }

    @Test
    void anUnprintableOrEndlessUrlIsSkippedInPrintableForm() {
      String endless = "http://" + "x".repeat(3000);
      var it = AnnouncerDriver.overUrls(List.of("http://\u001b[2J", endless));
      assertThat(it.start(1000))
          .hasSize(2)
          .contains("skipped http://?[2J: it is no URL")
          .anyMatch(line -> line.endsWith("longer than 2048 characters") && line.length() < 2200);
    }

    @Test
    void atMostAHundredTrackersAreUsed() {
      List<String> urls =
          IntStream.range(0, 250).mapToObj(i -> "http://t" + i + ".example/").toList();
      var it = AnnouncerDriver.overUrls(urls);
      List<String> outputs = it.start(1000);
      assertThat(outputs)
          .hasSize(101)
          .contains("skipped http://t100.example/: the torrent names more than 100 trackers");
    }

    @Test
    void withoutATrackerThereIsNothingToDo() {
      var it = AnnouncerDriver.overUrls(List.of());
      assertThat(it.start(1000)).isEmpty();
      assertThat(it.untilDeadline()).isEmpty();
      assertThat(it.say(new Input.PeersWanted())).isEmpty();
      assertThat(it.say(new Input.Completed())).isEmpty();
      assertThat(it.tick()).isEmpty();
      assertThat(it.say(new Input.Stopped())).isEmpty();
    }
  }

  @Nested
  final class When {
    @Test
    void againWhenTheIntervalHasPassed() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "25M");
      assertThat(it.untilDeadline()).contains(duration("25M"));
      assertThat(it.after("24M59S").tick()).isEmpty();
      assertThat(it.after("1S").tick()).containsExactly("announce to a");
    }

    @Test
    void neverBeforeTheMinIntervalEvenIfTheIntervalIsShorter() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "10M", "20M");
      assertThat(it.untilDeadline()).contains(duration("20M"));
    }

    @Test
    void aStarvingSwarmAsksWhenTheMinIntervalHasPassed() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M", "10M");
      assertThat(it.after("2M").say(new Input.PeersWanted())).isEmpty();
      assertThat(it.untilDeadline()).contains(duration("8M"));
      assertThat(it.atDeadline()).containsExactly("announce to a");
      it.answer("a", "30M", "10M");
      assertThat(it.after("11M").say(new Input.PeersWanted())).containsExactly("announce to a");
    }

    @Test
    void whileExchangeIsHealthyNothingGoesOutOfTurnAndWhatWouldHaveIsCounted() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M", "10M");
      it.after("2M").say(new Input.PeersExchanged());
      assertThat(it.saved()).as("the one at ten minutes").isEqualTo(1);
      it.after("2M").say(new Input.PeersExchanged());
      assertThat(it.saved()).as("still that one").isEqualTo(1);
      assertThat(it.untilDeadline()).contains(duration("26M"));
      it.after("7M").say(new Input.PeersExchanged());
      assertThat(it.saved()).as("and the one at twenty").isEqualTo(2);
      it.after("10M").say(new Input.PeersExchanged());
      assertThat(it.saved()).as("the one at thirty is regular").isEqualTo(2);
      assertThat(it.atDeadline()).containsExactly("announce to a");
    }

    @Test
    void completedAndStoppedGoHoweverHealthyExchangeIs() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M", "30M");
      it.say(new Input.PeersExchanged());
      assertThat(it.say(new Input.Completed())).containsExactly("announce to a: completed");
      it.answer("a", "30M", "30M");
      it.say(new Input.PeersExchanged());
      assertThat(it.say(new Input.Stopped())).containsExactly("announce to a: stopped");
      assertThat(it.saved()).isZero();
    }

    @Test
    void aStarvingSwarmWaitsAMinuteForATrackerWithoutMinInterval() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M");
      assertThat(it.say(new Input.PeersWanted())).isEmpty();
      assertThat(it.untilDeadline()).contains(duration("1M"));
    }

    @Test
    void aStarvingSwarmNeverMakesAnAnnounceLater() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "40S");
      it.say(new Input.PeersWanted());
      assertThat(it.untilDeadline()).contains(duration("40S"));
      assertThat(it.atDeadline()).containsExactly("announce to a");
      it.say(new Input.Completed());
      it.answer("a", "30M");
      it.say(new Input.PeersWanted());
      assertThat(it.untilDeadline()).as("for completed").contains(duration("5S"));
    }

    @Test
    void aStarvingSwarmDoesNotHurryAFailingTracker() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M");
      it.atDeadline();
      it.fail("a");
      Optional<Duration> pause = it.untilDeadline();
      assertThat(it.say(new Input.PeersWanted())).isEmpty();
      assertThat(it.untilDeadline()).isEqualTo(pause);
    }

    @Test
    void aTrackerWithinItsMinIntervalIsLeftOutOfARound() {
      var it = AnnouncerDriver.started("a b");
      it.answer("a", "60M", "60M");
      it.say(new Input.Completed());
      it.fail("a");
      it.answer("b", "5M");
      assertThat(it.atDeadline()).containsExactly("announce to a: completed");
      it.fail("a");
      it.answer("b", "5M");
      assertThat(it.atDeadline()).as("b has the completed").containsExactly("announce to b");
    }

    @Test
    void aTrackerThatIsSilentForHalfAMinuteHasFailed() {
      var it = AnnouncerDriver.started("a b");
      assertThat(it.untilDeadline()).contains(duration("30S"));
      assertThat(it.after("29S").tick()).isEmpty();
      assertThat(it.after("1S").tick())
          .containsExactly("a failed: no answer within 30 s", "announce to b: started");
      assertThat(it.untilDeadline()).contains(duration("30S"));
    }

    @Test
    void thePausesGrowWhenEveryTrackerFails() {
      var it = AnnouncerDriver.started("a");
      for (int seconds : new int[] {15, 30, 60, 120, 300, 600, 1800, 1800}) {
        assertThat(it.fail("a").getLast()).startsWith("exhausted, next at");
        assertThat(it.untilDeadline().orElseThrow().toMillis())
            .isBetween(seconds * 800L, seconds * 1200L);
        assertThat(it.atDeadline()).containsExactly("announce to a: started");
      }
    }

    @Test
    void thePausesAreSpread() {
      var pauses = new TreeSet<Duration>();
      for (int seed = 0; seed < 20; seed++) {
        var it = AnnouncerDriver.over("a", seed);
        it.start(1000);
        it.fail("a");
        pauses.add(it.untilDeadline().orElseThrow());
      }
      assertThat(pauses).hasSizeGreaterThan(15);
      assertThat(pauses.first()).isLessThan(duration("14S"));
      assertThat(pauses.last()).isGreaterThan(duration("16S"));
    }

    @Test
    void anAnswerResetsThePauses() {
      var it = AnnouncerDriver.started("a");
      for (int i = 0; i < 4; i++) {
        it.fail("a");
        it.atDeadline();
      }
      it.answer("a", "30M");
      it.atDeadline();
      it.fail("a");
      assertThat(it.untilDeadline().orElseThrow()).isLessThan(duration("19S"));
    }

    @Test
    void aTrackerThatNamesATimeIsLeftAloneUntilThen() {
      var it = AnnouncerDriver.started("a b");
      assertThat(it.refuse("a", new Retry.After(duration("10M"))))
          .containsExactly("a failed: refused: go away, next at 0:10:00", "announce to b: started");
      it.answer("b", "9M");
      assertThat(it.atDeadline()).containsExactly("announce to b");
      it.answer("b", "9M");
      assertThat(it.atDeadline()).containsExactly("announce to a: started");
    }

    @Test
    void notEvenCompletedDisturbsATrackerThatNamedATime() {
      var it = AnnouncerDriver.started("a b");
      it.answer("a", "30M");
      it.atDeadline();
      it.refuse("a", new Retry.After(duration("1H")));
      it.answer("b", "30M");
      assertThat(it.say(new Input.Completed())).containsExactly("announce to b: completed");
    }

    @Test
    void aFailureTellsWhenThisVeryTrackerIsAskedAgain() {
      var it = AnnouncerDriver.started("a b");
      it.fail("a");
      assertThat(it.refuse("b", new Retry.After(duration("1H"))))
          .containsExactly(
              "b failed: refused: go away, next at 1:00:00", "exhausted, next at 0:00:17");
      it.atDeadline();
      assertThat(it.refuse("a", new Retry.Never()))
          .containsExactly(
              "a failed: refused: go away",
              "skipped a: it asks never to be asked again",
              "exhausted, next at 1:00:00");
    }

    @Test
    void whenAllNameATimeTheFirstOfThemCounts() {
      var it = AnnouncerDriver.started("a b");
      it.refuse("a", new Retry.After(duration("20M")));
      assertThat(it.refuse("b", new Retry.After(duration("10M"))))
          .containsExactly(
              "b failed: refused: go away, next at 0:10:00", "exhausted, next at 0:10:00");
      assertThat(it.atDeadline()).containsExactly("announce to b: started");
    }

    @Test
    void neverMeansNever() {
      var it = AnnouncerDriver.started("a b");
      assertThat(it.refuse("a", new Retry.Never()))
          .containsExactly(
              "a failed: refused: go away",
              "skipped a: it asks never to be asked again",
              "announce to b: started");
      it.answer("b", "30M");
      assertThat(it.atDeadline()).containsExactly("announce to b");
      assertThat(it.refuse("b", new Retry.Never())).contains("exhausted, for good");
      assertThat(it.untilDeadline()).isEmpty();
      assertThat(it.say(new Input.Stopped())).isEmpty();
    }
  }

  @Nested
  final class WithWhatEvent {
    @Test
    void startedIsRepeatedUntilATrackerAcceptedIt() {
      var it = AnnouncerDriver.started("a");
      it.fail("a");
      assertThat(it.atDeadline()).containsExactly("announce to a: started");
      it.refuse("a", UNSAID);
      assertThat(it.atDeadline()).containsExactly("announce to a: started");
      it.answer("a", "30M");
      assertThat(it.atDeadline()).containsExactly("announce to a");
    }

    @Test
    void eachTrackerHearsStartedFirst() {
      var it = AnnouncerDriver.started("a b");
      it.answer("a", "30M");
      assertThat(it.atDeadline()).containsExactly("announce to a");
      assertThat(it.fail("a")).contains("announce to b: started");
    }

    @Test
    void completedIsSaidAtOnceAndOnce() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M", "30M");
      assertThat(it.after("1M").say(new Input.Completed()))
          .containsExactly("announce to a: completed");
      assertThat(it.say(new Input.Completed())).isEmpty();
      it.answer("a", "30M", "30M");
      assertThat(it.say(new Input.Completed())).isEmpty();
      assertThat(it.atDeadline()).containsExactly("announce to a");
    }

    @Test
    void completedSaysThatNothingIsLeft() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M");
      it.say(new Input.Progressed(new Progress(10, 900, 100)));
      assertThat(request(it.outputs(new Input.Completed())).progress())
          .isEqualTo(new Progress(10, 900, 0));
    }

    @Test
    void completedIsNotSaidOfWhatWasCompleteAtTheStart() {
      var it = AnnouncerDriver.over("a", 0);
      it.start(0);
      it.answer("a", "30M");
      assertThat(it.say(new Input.Completed())).isEmpty();
      assertThat(it.atDeadline()).containsExactly("announce to a");
    }

    @Test
    void completedIsRepeatedUntilATrackerAcceptedIt() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M", "30M");
      it.say(new Input.Completed());
      it.fail("a");
      assertThat(it.untilDeadline().orElseThrow()).isLessThan(duration("19S"));
      assertThat(it.atDeadline()).containsExactly("announce to a: completed");
      it.answer("a", "30M", "30M");
      assertThat(it.atDeadline()).containsExactly("announce to a");
    }

    @Test
    void completedWaitsForStartedAndForBothOfItsAnswers() {
      var it = AnnouncerDriver.started("a");
      assertThat(it.say(new Input.Completed())).isEmpty();
      it.answer("a", "30M");
      assertThat(it.untilDeadline()).contains(duration("5S"));
      assertThat(it.after("4S").answer("a", "30M")).containsExactly("heard 1 peers from a");
      assertThat(it.atDeadline()).containsExactly("announce to a: completed");
      it.answer("a", "30M");
      assertThat(it.untilDeadline()).contains(duration("30M"));
    }

    @Test
    void completedDoesNotBreakThePauseAfterTotalFailure() {
      var it = AnnouncerDriver.started("a");
      it.fail("a");
      assertThat(it.say(new Input.Completed())).isEmpty();
      assertThat(it.atDeadline()).containsExactly("announce to a: started");
      it.answer("a", "30M");
      assertThat(it.atDeadline()).containsExactly("announce to a: completed");
    }

    @Test
    void stoppedIsSaidToThoseAloneWhoAcceptedStarted() {
      var it = AnnouncerDriver.started("a b c");
      it.fail("a");
      it.answer("b", "30M");
      it.atDeadline();
      it.answer("a", "30M");
      it.atDeadline();
      assertThat(it.say(new Input.Stopped()))
          .containsExactly("announce to a: stopped", "announce to b: stopped");
    }

    @Test
    void stoppedIsNotSaidWhileNobodyAccepted() {
      var it = AnnouncerDriver.started("a");
      assertThat(it.say(new Input.Stopped())).isEmpty();
    }

    @Test
    void stoppedAsksForNoPeersAndIsTheEnd() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M");
      assertThat(request(it.outputs(new Input.Stopped())).numWant()).isZero();
      assertThat(it.untilDeadline()).isEmpty();
      assertThat(it.after("2H").tick()).isEmpty();
      assertThat(it.answer("a", "30M")).isEmpty();
      assertThat(it.fail("a")).isEmpty();
      assertThat(it.say(new Input.Completed())).isEmpty();
      assertThat(it.say(new Input.PeersWanted())).isEmpty();
      assertThat(it.say(new Input.Stopped())).isEmpty();
      assertThat(it.start(1000)).isEmpty();
      assertThat(it.untilDeadline()).isEmpty();
    }
  }

  @Nested
  final class WithWhatElse {
    @Test
    void theRequestSaysWhoWeAreAndHowFar() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M");
      it.say(new Input.Progressed(new Progress(1, 2, 3)));
      it.after("30M");
      assertThat(request(it.outputs(new Input.Tick())))
          .isEqualTo(
              new AnnounceRequest(
                  AnnouncerDriver.IDENTITY.infoHash(),
                  AnnouncerDriver.IDENTITY.peerId(),
                  6881,
                  new Progress(1, 2, 3),
                  Optional.empty(),
                  Announcer.NUM_WANT,
                  Optional.empty(),
                  0xC0FFEE));
    }

    @Test
    void aTrackersIdIsSaidBackToItAloneUntilItGivesAnother() {
      var it = AnnouncerDriver.started("a b");
      it.answer("a", withId("one"));
      it.after("30M");
      assertThat(request(it.outputs(new Input.Tick())).trackerId()).contains("one");
      it.answer("a", "30M");
      it.after("30M");
      assertThat(request(it.outputs(new Input.Tick())).trackerId()).contains("one");
      it.fail("a");
      it.answer("b", "30M");
      it.after("30M");
      assertThat(request(it.outputs(new Input.Tick())).trackerId()).contains("one");
      it.answer("a", withId("two"));
      assertThat(it.outputs(new Input.Stopped()))
          .extracting(output -> ((Output.Announce) output).request().trackerId())
          .containsExactly(Optional.of("two"), Optional.empty());
    }

    private static Answer withId(String id) {
      return new Answer(
          duration("30M"),
          Optional.empty(),
          List.of(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.of(id),
          Optional.empty(),
          Optional.empty(),
          0);
    }
  }

  @Nested
  final class SeveralAndLateAnswers {
    @Test
    void theAnswerOfTheOtherFamilyIsHeardToo() {
      var it = AnnouncerDriver.started("a");
      it.answer("a", "30M");
      assertThat(it.after("3S").answer("a", "20M")).containsExactly("heard 1 peers from a");
      assertThat(it.untilDeadline()).as("the longer interval").contains(duration("29M57S"));
      assertThat(it.answer("a", "40M")).containsExactly("heard 1 peers from a");
      assertThat(it.untilDeadline()).contains(duration("40M"));
    }

    @Test
    void aFailureAfterAnAnswerCountsForNothing() {
      var it = AnnouncerDriver.started("a b");
      it.answer("a", "30M");
      assertThat(it.fail("a")).isEmpty();
      assertThat(it.refuse("a", new Retry.Never())).isEmpty();
      assertThat(it.atDeadline()).containsExactly("announce to a");
    }

    @Test
    void aLateAnswerIsHeardAndLeavesTheOneUnderWayAlone() {
      var it = AnnouncerDriver.started("a b");
      it.atDeadline();
      assertThat(it.answer("a", "30M")).containsExactly("heard 1 peers from a");
      assertThat(it.untilDeadline()).contains(duration("30S"));
      it.answer("b", "40M");
      assertThat(it.say(new Input.Stopped()))
          .containsExactly("announce to a: stopped", "announce to b: stopped");
    }

    @Test
    void aLateAnswerEndsThePauseAfterTotalFailure() {
      var it = AnnouncerDriver.started("a");
      it.atDeadline();
      assertThat(it.answer("a", "30M")).containsExactly("heard 1 peers from a");
      assertThat(it.untilDeadline()).contains(duration("30M"));
      assertThat(it.atDeadline()).containsExactly("announce to a");
      it.fail("a");
      assertThat(it.untilDeadline().orElseThrow()).isLessThan(duration("19S"));
    }

    @Test
    void aLateAnswerEndsEvenALongPause() {
      var it = AnnouncerDriver.started("a");
      for (int round = 0; round < 6; round++) {
        it.fail("a");
        it.atDeadline();
      }
      it.fail("a");
      assertThat(it.untilDeadline().orElseThrow()).isGreaterThan(duration("20M"));
      it.answer("a", "5M");
      assertThat(it.untilDeadline()).contains(duration("5M"));
    }

    @Test
    void aLateAnswerInTheMiddleOfARoundIsNotAskedForAgainInThatRound() {
      var it = AnnouncerDriver.started("a b");
      it.atDeadline();
      it.atDeadline();
      assertThat(it.atDeadline()).containsExactly("announce to a: started");
      it.answer("b", "30M", "30M");
      assertThat(it.fail("a"))
          .as("b has answered already")
          .hasSize(2)
          .last()
          .asString()
          .startsWith("exhausted, next at");
    }

    @Test
    void answersOfTrackersThatWereNotAskedAreIgnored() {
      var it = AnnouncerDriver.started("a b");
      assertThat(it.answer("b", "30M")).isEmpty();
      assertThat(it.answer("x", "30M")).isEmpty();
      assertThat(it.fail("b")).isEmpty();
      assertThat(it.say(new Input.Stopped())).isEmpty();
    }

    @Test
    void startingTwiceIsStartingOnce() {
      var it = AnnouncerDriver.started("a");
      assertThat(it.start(1000)).isEmpty();
    }
  }

  /// Fails every tracker of a round, and tells in which order they were asked.
  private static List<String> failingRound(AnnouncerDriver it, List<String> outputs) {
    var order = new ArrayList<String>();
    List<String> latest = outputs;
    while (latest.getLast().startsWith("announce to ")) {
      order.add(asked(latest));
      latest = it.fail(order.getLast());
    }
    return order;
  }

  private static String asked(List<String> outputs) {
    assertThat(outputs.getLast()).startsWith("announce to ");
    return outputs.getLast().substring("announce to ".length()).substring(0, 1);
  }
}
