package peerage.pex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerPriority;
import peerage.pex.PexSession.Input;
import peerage.pex.PexSession.Output;

/// The rules of BEP 11, one by one. Whole courses of events are in the transcripts.
final class PexSessionTest {
  private static final int ID = 3;
  private static final PeerAddress REMOTE = Contacts.at("8.0.0.9:6881");
  private static final PeerAddress A = Contacts.at("8.0.0.1:1");
  private static final PeerAddress B = Contacts.at("8.0.0.2:2");
  private static final IpAddress REMOTE_V6 = Contacts.ip("2a01::9");
  private static final Duration LONGEST =
      PexSession.SPACING.plus(PexSession.MARGIN).plus(PexSession.MAX_SPREAD);

  private final ContactLog live = new ContactLog();
  private PexSession session = sessionWith("8.0.0.9");
  private Instant now = Instant.EPOCH;

  // Telling

  @Test
  void nobodyIsNamedBeforeWeAreConnectedToThem() {
    assertThat(offer()).isEmpty();
    assertThat(session.nextDeadline()).isEmpty();
  }

  @Test
  void theFirstMessageGoesAtOnceWhenThereIsSomebodyToName() {
    live.put(A, PeerFlags.NONE.with(PeerFlags.REACHABLE));

    assertThat(offer()).isEqualTo(message(List.of(A), List.of(), PeerFlags.REACHABLE));
  }

  @Test
  void theFirstMessageWaitsForSomebodyToName() {
    offer();
    pass(Duration.ofSeconds(7));

    assertThat(put(A)).isEqualTo(message(List.of(A), List.of()));
  }

  @Test
  void itGoesUnderTheNumberThatTheReceiverChose() {
    live.put(A, PeerFlags.NONE);
    assertThat(handle(offered(77))).containsExactly(send(77, List.of(A), List.of()));
  }

  @Test
  void whoOffersNoPexIsToldNothing() {
    live.put(A, PeerFlags.NONE);

    assertThat(handle(new Input.Offered(OptionalInt.empty()))).isEmpty();
    assertThat(handle(offered(0))).isEmpty();
    assertThat(put(B)).isEmpty();
    assertThat(session.isOn()).isFalse();
    assertThat(session.nextDeadline()).isEmpty();
  }

  @Test
  void whoLeftIsDroppedInTheNextMessage() {
    tellFirst(A, B);
    remove(A);

    assertThat(next()).isEqualTo(message(List.of(), List.of(A)));
  }

  @Test
  void aDropIsNotForgottenHoweverLongItWaits() {
    List<PeerAddress> crowd = fiftyOfEach();
    assertThat(offer()).isEqualTo(message(crowd, List.of()));
    crowd.forEach(contact -> live.remove(contact, Departure.OTHER));
    handle(new Input.ContactsChanged());

    var dropped = new LinkedHashSet<>(next().getFirst().dropped());
    dropped.addAll(next().getFirst().dropped());
    assertThat(dropped).containsExactlyElementsOf(crowd);
    assertThat(next()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 30, 59, 60, 64})
  void aMinuteAndAMarginLieBetweenTwoMessages(int seconds) {
    tellFirst(A);
    put(B);
    pass(Duration.ofSeconds(seconds));

    assertThat(handle(new Input.Tick())).isEmpty();
    assertThat(session.nextDeadline()).hasValueSatisfying(at -> assertThat(at).isAfter(now));
  }

  @Test
  void theNextMessageIsDueAtTheDeadlineAndNotANanosecondEarlier() {
    tellFirst(A);
    put(B);
    now = session.nextDeadline().orElseThrow().minusNanos(1);
    assertThat(handle(new Input.Tick())).isEmpty();
    assertThat(session.nextDeadline()).contains(now.plusNanos(1));

    pass(Duration.ofNanos(1));
    assertThat(handle(new Input.Tick())).isNotEmpty();
  }

  @Test
  void theMinuteBeginsWhenTheMessageHasLeft() {
    live.put(A, PeerFlags.NONE);
    offer();
    pass(Duration.ofMinutes(5));
    assertThat(put(B)).as("the first one is still in the queue").isEmpty();
    assertThat(session.nextDeadline()).isEmpty();

    handle(new Input.Flushed(now));
    assertThat(session.nextDeadline())
        .hasValueSatisfying(
            at ->
                assertThat(at)
                    .isBetween(
                        now.plus(PexSession.SPACING).plus(PexSession.MARGIN), now.plus(LONGEST)));
  }

  @Test
  void theMinuteIsCountedFromWhenItLeftHoweverLateThePeerShowsItself() {
    live.put(A, PeerFlags.NONE);
    offer();
    Instant leftAt = now;
    pass(LONGEST);
    assertThat(put(B)).as("nothing came from the peer since").isEmpty();

    handle(new Input.Flushed(leftAt));
    assertThat(messages(handle(new Input.Tick()))).isEqualTo(message(List.of(B), List.of()));
  }

  /// WebTorrent closes below a minute, anacrolix below 45 seconds.
  @Test
  void theMarginIsAtLeastWhatADelayedFirstMessageNeeds() {
    assertThat(PexSession.SPACING.plus(PexSession.MARGIN))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(65));
  }

  @Test
  void theSessionsOfASwarmDoNotAllSendAtOnce() {
    var deadlines = new LinkedHashSet<Instant>();
    for (int seed = 0; seed < 20; seed++) {
      session = new PexSession(live, Remote.at(REMOTE.ip()), new SplittableRandom(seed));
      live.put(A, PeerFlags.NONE);
      offer();
      handle(new Input.Flushed(now));
      put(B);
      deadlines.add(session.nextDeadline().orElseThrow());
      live.remove(B, Departure.OTHER);
    }
    assertThat(deadlines)
        .hasSize(20)
        .allSatisfy(at -> assertThat(at).isBetween(now.plusSeconds(65), now.plusSeconds(75)));
  }

  /// Each contact that is connected widens the spread by a second, up to the whole minute.
  @Test
  void inALargeSwarmTheMessagesAreSpreadOverTheMinute() {
    Contacts.numbers(0, 100, Family.V4).forEach(contact -> live.put(contact, PeerFlags.NONE));
    var delays = new ArrayList<Long>();
    for (int seed = 0; seed < 200; seed++) {
      session = new PexSession(live, Remote.at(REMOTE.ip()), new SplittableRandom(seed));
      offer();
      handle(new Input.Flushed(now));
      delays.add(Duration.between(now, session.nextDeadline().orElseThrow()).toSeconds());
    }
    assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(65L, 125L));
    for (int from = 65; from < 125; from += 10) {
      int start = from;
      assertThat(delays.stream().filter(d -> d >= start && d < start + 10).count())
          .as("messages of 200 that go %d to %d s after the first", start, start + 10)
          .isBetween(15L, 60L);
    }
  }

  @Test
  void theFirstMessageHoldsFiftyOfEachFamily() {
    List<PeerAddress> crowd = fiftyOfEach();

    assertThat(offer()).isEqualTo(message(crowd, List.of()));
  }

  @Test
  void noLaterMessageHasMoreThanFiftyAddedOfBothFamiliesTogetherAndTheRestFollows() {
    tellFirst(A);
    var crowd = new ArrayList<>(Contacts.numbers(0, 40, Family.V4));
    crowd.addAll(Contacts.numbers(0, 40, Family.V6));
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));

    assertThat(next()).isEqualTo(message(crowd.subList(0, 50), List.of()));
    assertThat(next()).isEqualTo(message(crowd.subList(50, 80), List.of()));
    assertThat(next()).isEmpty();
  }

  @Test
  void droppedAreFiftyAtMostAsWell() {
    List<PeerAddress> crowd = fiftyOfEach();
    offer();
    crowd.forEach(contact -> live.remove(contact, Departure.OTHER));
    live.put(A, PeerFlags.NONE);
    handle(new Input.ContactsChanged());

    assertThat(next()).isEqualTo(message(List.of(A), crowd.subList(0, 50)));
    assertThat(next()).isEqualTo(message(List.of(), crowd.subList(50, 100)));
  }

  // Choosing

  @Test
  void ofMoreThanFiftyTheBestByItsOwnPeerPriorityAreAmongTheFirst() {
    List<PeerAddress> crowd = Contacts.numbers(0, 200, Family.V4);
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));
    handle(located(REMOTE));

    assertThat(offer().getFirst().added()).hasSize(50).containsKeys(bestOf(crowd, 25));
    assertThat(live.size()).isEqualTo(200);
  }

  @Test
  void theOthersTakeTurnsAndEachOneThatIsAddedHasHadAnotherDropped() {
    List<PeerAddress> crowd = Contacts.numbers(0, 110, Family.V4);
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));
    handle(located(REMOTE));
    var everTold = new LinkedHashSet<>(offer().getFirst().added().keySet());
    for (int i = 0; i < 4; i++) {
      PexMessage message = next().getFirst();
      assertThat(message.dropped()).hasSameSizeAs(message.added().keySet());
      assertThat(message.dropped()).doesNotContain(bestOf(crowd, 25));
      everTold.addAll(message.added().keySet());
    }

    assertThat(everTold).as("nobody is withheld for ever").containsAll(crowd);
  }

  @Test
  void aContactThatRanksBetterTakesThePlaceOfAnother() {
    List<PeerAddress> crowd = Contacts.numbers(0, 200, Family.V4);
    PeerAddress best = bestOf(crowd, 1)[0];
    handle(located(REMOTE));
    crowd.stream().filter(c -> !c.equals(best)).forEach(c -> live.put(c, PeerFlags.NONE));
    offer();
    put(best);

    assertThat(next().getFirst().added()).containsKey(best);
  }

  @Test
  void aRemoteNeverHoldsMoreThanFiftyOfAFamilyByOurWord() {
    List<PeerAddress> crowd = Contacts.numbers(0, 51, Family.V4);
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));
    var holds = new LinkedHashSet<>(offer().getFirst().added().keySet());
    assertThat(holds).hasSize(50);
    for (int i = 0; i < 10; i++) {
      PexMessage message = next().getFirst();
      holds.removeAll(message.dropped());
      holds.addAll(message.added().keySet());
      assertThat(holds).hasSize(50);
    }
  }

  @Test
  void whatTheRemoteToldUsIsNotToldToIt() {
    receive(Contacts.message(List.of(A), List.of()));
    live.put(A, PeerFlags.NONE);
    live.put(B, PeerFlags.NONE);

    assertThat(offer()).isEqualTo(message(List.of(B), List.of()));
  }

  @Test
  void whatTheRemoteDroppedIsToldToItAgain() {
    receive(Contacts.message(List.of(A), List.of()));
    live.put(A, PeerFlags.NONE);
    offer();

    assertThat(messages(telling(receive(Contacts.message(List.of(), List.of(A))))))
        .as("heard, and no message at once")
        .isEmpty();
    assertThat(messages(handle(new Input.Tick()))).isEqualTo(message(List.of(A), List.of()));
  }

  @Test
  void contactsOfAFamilyThatTheRemoteCannotUseAreNotTold() {
    session = new PexSession(live, Remote.at(REMOTE.ip()), new SplittableRandom(1));
    PeerAddress v6 = Contacts.number(1, Family.V6);
    live.put(v6, PeerFlags.NONE);
    live.put(A, PeerFlags.NONE);

    assertThat(offer()).isEqualTo(message(List.of(A), List.of()));
  }

  @Test
  void whoNamesAnAddressInTheOtherFamilyIsToldOfThatFamily() {
    session = new PexSession(live, Remote.at(REMOTE.ip()), new SplittableRandom(1));
    PeerAddress v6 = Contacts.number(1, Family.V6);
    live.put(v6, PeerFlags.NONE);
    offer();

    Input named = new Input.Learned(session.remote().alsoAt(REMOTE_V6));
    assertThat(messages(handle(named))).isEqualTo(message(List.of(v6), List.of()));
  }

  @Test
  void whoIsConnectedToTheOtherFamilyIsToldOfThatFamily() {
    session = new PexSession(live, Remote.at(REMOTE.ip()), new SplittableRandom(1));
    PeerAddress v6 = Contacts.number(1, Family.V6);
    live.put(v6, PeerFlags.NONE);
    offer();
    receive(Contacts.message(Contacts.numbers(5, 1, Family.V6), List.of()));

    assertThat(messages(handle(new Input.Tick()))).isEqualTo(message(List.of(v6), List.of()));
  }

  @Test
  void seedsAreNotToldOfSeeds() {
    live.put(A, PeerFlags.NONE.with(PeerFlags.UPLOAD_ONLY));
    live.put(B, PeerFlags.NONE);
    handle(seeds());

    assertThat(offer()).isEqualTo(message(List.of(B), List.of()));
  }

  @Test
  void whoBecomesASeedHasTheSeedsDroppedThatItWasTold() {
    live.put(A, PeerFlags.NONE.with(PeerFlags.UPLOAD_ONLY));
    live.put(B, PeerFlags.NONE);
    offer();
    handle(seeds());

    assertThat(next()).isEqualTo(message(List.of(), List.of(A)));
  }

  // Filling underpopulated lists

  @Test
  void whoLeftForWantOfRoomIsToldOnceAndDroppedInTheNextMessage() {
    tellFirst(A);
    live.put(B, PeerFlags.NONE);
    live.remove(B, Departure.NO_ROOM);
    handle(new Input.ContactsChanged());

    assertThat(next()).isEqualTo(message(List.of(B), List.of()));
    assertThat(next()).isEqualTo(message(List.of(), List.of(B)));
    assertThat(next()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Departure.class)
  void whoLeftIsToldOnlyWhenWeClosedForAReasonThatBep11Names(Departure why) {
    live.put(A, PeerFlags.NONE);
    live.remove(A, why);

    assertThat(offer())
        .isEqualTo(why == Departure.OTHER ? List.of() : message(List.of(A), List.of()));
  }

  @Test
  void aNewcomerIsToldOfThoseThatLeftBeforeItCame() {
    live.put(A, PeerFlags.NONE);
    live.remove(A, Departure.NO_MUTUAL_INTEREST);
    live.put(B, PeerFlags.NONE);

    assertThat(offer()).isEqualTo(message(List.of(B, A), List.of()));
    assertThat(next()).isEqualTo(message(List.of(), List.of(A)));
  }

  @Test
  void whoWasToldWhileConnectedIsDroppedWhenItLeavesAndNotToldAgain() {
    tellFirst(A);
    live.remove(A, Departure.NO_ROOM);
    handle(new Input.ContactsChanged());

    assertThat(next()).isEqualTo(message(List.of(), List.of(A)));
    assertThat(next()).isEmpty();
  }

  @Test
  void whoLeftIsNotToldWhereTwentyFiveAreConnected() {
    Contacts.numbers(0, 25, Family.V4).forEach(contact -> live.put(contact, PeerFlags.NONE));
    live.put(A, PeerFlags.NONE);
    live.remove(A, Departure.NO_ROOM);
    PeerAddress v6 = Contacts.number(1, Family.V6);
    live.put(v6, PeerFlags.NONE);
    live.remove(v6, Departure.NO_ROOM);

    assertThat(offer().getFirst().added())
        .as("each family by itself")
        .doesNotContainKey(A)
        .containsKey(v6);
  }

  @Test
  void ofThoseThatLeftTheLastTwentyFiveAreTold() {
    List<PeerAddress> crowd = Contacts.numbers(0, 30, Family.V4);
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));
    crowd.forEach(contact -> live.remove(contact, Departure.NO_ROOM));

    assertThat(offer()).isEqualTo(message(crowd.subList(5, 30), List.of()));
  }

  @Test
  void whoLeftAndCameBackIsNoLongerOneThatLeft() {
    live.put(A, PeerFlags.NONE);
    live.remove(A, Departure.NO_ROOM);
    live.put(A, PeerFlags.NONE);
    offer();

    assertThat(next()).isEmpty();
  }

  @Test
  void aMessageIsNeverEmpty() {
    tellFirst(A);
    put(B);
    remove(B);

    assertThat(next()).isEmpty();
    assertThat(session.nextDeadline()).as("nothing to wait for").isEmpty();
  }

  @Test
  void whoCameAndWentBetweenTwoMessagesIsNotMentioned() {
    tellFirst(A);
    put(B);
    remove(B);
    PeerAddress c = Contacts.at("8.0.0.3:3");
    put(c);

    assertThat(next()).isEqualTo(message(List.of(c), List.of()));
  }

  @Test
  void whoWentAndCameBackBetweenTwoMessagesIsNotMentioned() {
    tellFirst(A, B);
    remove(A);
    put(A);
    remove(B);

    assertThat(next()).isEqualTo(message(List.of(), List.of(B)));
  }

  @Test
  void whoIsKnownToTheReceiverIsNotNamedAgainWhenItsFlagsChange() {
    tellFirst(A);
    live.put(A, PeerFlags.NONE.with(PeerFlags.UPLOAD_ONLY));

    assertThat(next()).isEmpty();
  }

  @Test
  void aDropNamesTheEndpointThatWasAddedAlsoWhenItChanged() {
    PeerAddress moved = Contacts.at("8.0.0.1:9999");
    tellFirst(A);
    live.remove(A, Departure.OTHER);
    put(moved);

    assertThat(next()).isEqualTo(message(List.of(moved), List.of(A)));
    remove(moved);
    assertThat(next()).isEqualTo(message(List.of(), List.of(moved)));
  }

  // The receiver itself

  @Test
  void theReceiverIsNeverNamedToItself() {
    live.put(REMOTE, PeerFlags.NONE);
    handle(located(REMOTE));
    live.put(A, PeerFlags.NONE);

    assertThat(offer()).isEqualTo(message(List.of(A), List.of()));
  }

  @Test
  void aReceiverOfWhichWeDoNotKnowWhereItListensIsToldNobodyAtItsAddress() {
    live.put(REMOTE, PeerFlags.NONE);
    live.put(A, PeerFlags.NONE);

    assertThat(offer()).isEqualTo(message(List.of(A), List.of()));
  }

  @Test
  void neighboursAtItsAddressAreNamedOnceWeKnowWhichOneItIs() {
    PeerAddress neighbour = Contacts.at("8.0.0.9:7000");
    live.put(REMOTE, PeerFlags.NONE);
    live.put(neighbour, PeerFlags.NONE);
    assertThat(offer()).isEmpty();

    assertThat(messages(handle(located(REMOTE)))).isEqualTo(message(List.of(neighbour), List.of()));
  }

  @Test
  void aContactThatTurnsOutToBeTheReceiverIsDropped() {
    PeerAddress other = Contacts.at("8.0.0.9:7000");
    handle(located(REMOTE));
    tellFirst(A, other);
    handle(located(other));

    assertThat(next()).isEqualTo(message(List.of(), List.of(other)));
  }

  // Who lives where

  @ParameterizedTest
  @ValueSource(strings = {"192.168.1.7", "10.0.0.1", "127.0.0.1", "fd00::1", "::1", "169.254.1.1"})
  void aPrivateNetworkIsNotSpokenOfOutside(String ip) {
    live.put(new PeerAddress(Contacts.ip(ip), 6881), PeerFlags.NONE);

    assertThat(offer()).isEmpty();
  }

  @Test
  void inAPrivateNetworkItsPeersAreNamed() {
    session = sessionWith("192.168.1.9");
    PeerAddress near = Contacts.at("192.168.1.7:1");
    live.put(Contacts.at("127.0.0.1:1"), PeerFlags.NONE);
    live.put(near, PeerFlags.NONE);
    live.put(A, PeerFlags.NONE);

    assertThat(offer()).isEqualTo(message(List.of(near, A), List.of()));
  }

  @Test
  void onOneMachineItsPeersAreNamed() {
    session = sessionWith("127.0.0.1");
    handle(located(Contacts.at("127.0.0.1:5")));
    PeerAddress near = Contacts.at("127.0.0.1:6");
    live.put(near, PeerFlags.NONE);

    assertThat(offer()).isEqualTo(message(List.of(near), List.of()));
  }

  // Handshakes

  @Test
  void aRepeatedHandshakeChangesNothing() {
    tellFirst(A);
    pass(Duration.ofHours(1));

    assertThat(offer()).isEmpty();
    assertThat(handle(offered(ID))).isEmpty();
  }

  @Test
  void aRepeatedHandshakeMayChangeTheNumber() {
    tellFirst(A);
    handle(offered(9));
    put(B);
    now = session.nextDeadline().orElseThrow();

    assertThat(handle(new Input.Tick())).containsExactly(send(9, List.of(B), List.of()));
  }

  @Test
  void aRepeatedHandshakeWithoutTheKeySwitchesNothingOff() {
    tellFirst(A);
    handle(new Input.Offered(OptionalInt.empty()));
    put(B);

    assertThat(session.isOn()).isTrue();
    assertThat(next()).isEqualTo(message(List.of(B), List.of()));
  }

  @Test
  void afterOffAndOnAFullMessageComesButNotBeforeTheMinuteIsOver() {
    tellFirst(A, B);
    handle(offered(0));
    assertThat(session.isOn()).isFalse();
    assertThat(session.nextDeadline()).isEmpty();
    assertThat(offer()).isEmpty();

    assertThat(next()).isEqualTo(message(List.of(A, B), List.of()));
  }

  @Test
  void whoLeftWhilePexWasOffIsDroppedAllTheSame() {
    tellFirst(A, B);
    handle(offered(0));
    remove(A);
    offer();

    assertThat(next()).isEqualTo(message(List.of(B), List.of(A)));
  }

  @Test
  void whileAMessageIsInFlightOffAndOnSendNoOther() {
    live.put(A, PeerFlags.NONE);
    offer();
    handle(offered(0));
    assertThat(offer()).isEmpty();
    handle(new Input.Flushed(now));

    assertThat(next()).isEqualTo(message(List.of(A), List.of()));
  }

  // Listening

  @Test
  void whatIsToldIsHeardAndHeld() {
    var told = Contacts.message(List.of(A, B), List.of());
    assertThat(receive(told)).containsExactly(new Output.Heard(told));
    assertThat(session.holds(A)).isTrue();

    receive(Contacts.message(List.of(), List.of(A)));
    assertThat(session.holds(A)).isFalse();
    assertThat(session.holds(B)).isTrue();
  }

  @Test
  void whatIsHeldIsBounded() {
    for (int i = 0; i < 6; i++) {
      receive(Contacts.message(Contacts.numbers(i * 100, 100, Family.V4), List.of()));
    }
    long held = Contacts.numbers(0, 600, Family.V4).stream().filter(c -> session.holds(c)).count();

    assertThat(held).isEqualTo(PexSession.MAX_HELD);
  }

  @Test
  void whoOffersNothingMayStillTell() {
    var told = Contacts.message(List.of(A), List.of());

    assertThat(receive(told)).containsExactly(new Output.Heard(told));
  }

  @Test
  void anEmptyMessageIsOddAndNoMore() {
    assertThat(handle(new Input.Received(new byte[] {'d', 'e'})))
        .containsExactly(new Output.Odd(PexOddity.EMPTY));
  }

  @Test
  void sixMessagesInAMinuteAreReadAndMoreAreIgnored() {
    var told = Contacts.message(List.of(A), List.of());
    for (int i = 0; i < PexSession.MAX_PER_MINUTE; i++) {
      assertThat(notOdd(receive(told))).containsExactly(new Output.Heard(told));
    }
    assertThat(notOdd(receive(Contacts.message(List.of(B), List.of()))))
        .containsExactly(new Output.Offended(PexOffence.TOO_OFTEN, "PEX messages too often"));
    assertThat(session.holds(B)).isFalse();

    pass(PexSession.SPACING);
    assertThat(notOdd(receive(told))).as("a minute later").containsExactly(new Output.Heard(told));
  }

  @Test
  void messagesThatComeSlightlyUnderAMinuteAreRead() {
    var told = Contacts.message(List.of(A), List.of());
    for (int i = 0; i < 100; i++) {
      assertThat(receive(told)).contains(new Output.Heard(told));
      pass(Duration.ofSeconds(12));
    }
  }

  @Test
  void aFloodIsAnOffence() {
    List<Output> outputs = List.of();
    for (int i = 0; i <= PexSession.FLOOD_PER_MINUTE; i++) {
      outputs = notOdd(receive(Contacts.message(List.of(A), List.of())));
    }
    assertThat(outputs)
        .containsExactly(new Output.Offended(PexOffence.FLOOD, "31 PEX messages in a minute"));
  }

  @Test
  void whatIsNoMessageIsAnOffence() {
    assertThat(handle(new Input.Received(new byte[] {'d', '5'})))
        .singleElement()
        .isInstanceOfSatisfying(
            Output.Offended.class,
            offended -> {
              assertThat(offended.offence()).isEqualTo(PexOffence.MALFORMED);
              assertThat(offended.words()).startsWith("a malformed PEX message: ");
            });
  }

  @Test
  void moreContactsThanAreReadAreAnOffenceAndTheFirstAreHeard() {
    var told = Contacts.message(Contacts.numbers(0, 201, Family.V4), List.of());

    assertThat(receive(told))
        .contains(new Output.Offended(PexOffence.TOO_LONG, "more contacts than are read"))
        .anyMatch(output -> output instanceof Output.Heard);
  }

  @Test
  void aDropOfWhoWasNeverAddedIsOddAndNoMore() {
    var told = Contacts.message(List.of(), List.of(A));

    assertThat(receive(told))
        .containsExactly(new Output.Odd(PexOddity.UNKNOWN_DROPPED), new Output.Heard(told));
  }

  @Test
  void aFullListInPlaceOfADifferenceIsOddAndNoMore() {
    var told = Contacts.message(List.of(A, B), List.of());
    receive(told);
    pass(PexSession.SPACING);

    assertThat(receive(told))
        .containsExactly(new Output.Odd(PexOddity.ADDED_AGAIN), new Output.Heard(told));
  }

  @Test
  void aMessageThatComesSlightlyEarlyIsOddAndNoMore() {
    receive(Contacts.message(List.of(A), List.of()));
    pass(PexSession.SPACING.minusMillis(20));
    var told = Contacts.message(List.of(B), List.of());

    assertThat(receive(told))
        .containsExactly(new Output.Odd(PexOddity.EARLY), new Output.Heard(told));
  }

  private static List<Output> notOdd(List<Output> outputs) {
    return outputs.stream().filter(output -> !(output instanceof Output.Odd)).toList();
  }

  private static List<Output> telling(List<Output> outputs) {
    return outputs.stream().filter(output -> output instanceof Output.Send).toList();
  }

  private static Input seeds() {
    return new Input.Learned(Remote.at(REMOTE.ip()).alsoAt(REMOTE_V6).with(Remote.Interest.SEED));
  }

  private List<PeerAddress> fiftyOfEach() {
    var crowd = new ArrayList<>(Contacts.numbers(0, 50, Family.V4));
    crowd.addAll(Contacts.numbers(0, 50, Family.V6));
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));
    return crowd;
  }

  /// Those that rank best under BEP 40 from where the remote is.
  private static PeerAddress[] bestOf(List<PeerAddress> crowd, int count) {
    return crowd.stream()
        .sorted(Comparator.comparingLong((PeerAddress c) -> -PeerPriority.of(REMOTE, c)))
        .limit(count)
        .toArray(PeerAddress[]::new);
  }

  /// With a remote that speaks both families.
  private PexSession sessionWith(String ip) {
    return new PexSession(
        live, Remote.at(Contacts.ip(ip)).alsoAt(REMOTE_V6), new SplittableRandom(1));
  }

  private Input located(PeerAddress where) {
    return new Input.Learned(session.remote().listeningAt(where));
  }

  private List<Output> handle(Input input) {
    return session.handle(input, now);
  }

  private List<Output> receive(PexMessage message) {
    return handle(new Input.Received(UtPex.encode(message)));
  }

  private static Input offered(int id) {
    return new Input.Offered(OptionalInt.of(id));
  }

  private List<PexMessage> offer() {
    return messages(handle(offered(ID)));
  }

  private List<PexMessage> put(PeerAddress contact) {
    live.put(contact, PeerFlags.NONE);
    return messages(handle(new Input.ContactsChanged()));
  }

  private void remove(PeerAddress contact) {
    live.remove(contact, Departure.OTHER);
    assertThat(handle(new Input.ContactsChanged())).isEmpty();
  }

  private void tellFirst(PeerAddress... contacts) {
    for (PeerAddress contact : contacts) {
      live.put(contact, PeerFlags.NONE);
    }
    assertThat(offer()).isEqualTo(message(List.of(contacts), List.of()));
    handle(new Input.Flushed(now));
  }

  /// The message that comes once it may: none, or one that leaves at once.
  private List<PexMessage> next() {
    handle(new Input.Flushed(now));
    pass(LONGEST);
    return messages(handle(new Input.Tick()));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private static List<PexMessage> messages(List<Output> outputs) {
    return outputs.stream().map(output -> ((Output.Send) output).message()).toList();
  }

  private static Output send(int id, List<PeerAddress> added, List<PeerAddress> dropped) {
    return new Output.Send(id, Contacts.message(added, dropped));
  }

  private static List<PexMessage> message(
      List<PeerAddress> added, List<PeerAddress> dropped, int... flags) {
    var contacts = new LinkedHashMap<PeerAddress, PeerFlags>();
    for (PeerAddress contact : added) {
      PeerFlags known = PeerFlags.NONE;
      for (int flag : flags) {
        known = known.with(flag);
      }
      contacts.put(contact, known);
    }
    return List.of(new PexMessage(contacts, new LinkedHashSet<>(dropped)));
  }
}
