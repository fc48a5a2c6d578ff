package peerage.pex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.pex.PexSession.Input;
import peerage.pex.PexSession.Output;

/// The rules of BEP 11, one by one. Whole courses of events are in the transcripts.
final class PexSessionTest {
  private static final int ID = 3;
  private static final PeerAddress REMOTE = Contacts.at("8.0.0.9:6881");
  private static final PeerAddress A = Contacts.at("8.0.0.1:1");
  private static final PeerAddress B = Contacts.at("8.0.0.2:2");
  private static final Duration LONGEST =
      PexSession.SPACING.plus(PexSession.MARGIN).plus(PexSession.JITTER);

  private final LiveContacts live = new LiveContacts();
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
    var crowd = new ArrayList<>(Contacts.numbers(0, 50, Family.V4));
    crowd.addAll(Contacts.numbers(0, 50, Family.V6));
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));
    var told = new ArrayList<>(offer().getFirst().added().keySet());
    told.addAll(next().getFirst().added().keySet());
    assertThat(told).containsExactlyElementsOf(crowd);
    crowd.forEach(live::remove);
    handle(new Input.LiveChanged());

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

    handle(new Input.Flushed());
    assertThat(session.nextDeadline())
        .hasValueSatisfying(
            at ->
                assertThat(at)
                    .isBetween(
                        now.plus(PexSession.SPACING).plus(PexSession.MARGIN), now.plus(LONGEST)));
  }

  /// WebTorrent closes below a minute, anacrolix below 45 seconds.
  @Test
  void theMarginIsAtLeastWhatADelayedFirstMessageNeeds() {
    assertThat(PexSession.SPACING.plus(PexSession.MARGIN))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(65));
    assertThat(LONGEST).isLessThanOrEqualTo(Duration.ofSeconds(75));
  }

  @Test
  void theSessionsOfASwarmDoNotAllSendAtOnce() {
    var deadlines = new LinkedHashSet<Instant>();
    for (int seed = 0; seed < 20; seed++) {
      session = new PexSession(live, REMOTE.ip(), new SplittableRandom(seed));
      live.put(A, PeerFlags.NONE);
      offer();
      handle(new Input.Flushed());
      put(B);
      deadlines.add(session.nextDeadline().orElseThrow());
      live.remove(B);
    }
    assertThat(deadlines)
        .hasSize(20)
        .allSatisfy(at -> assertThat(at).isBetween(now.plusSeconds(65), now.plusSeconds(75)));
  }

  @Test
  void noMessageHasMoreThanFiftyAddedOfBothFamiliesTogetherAndTheRestFollows() {
    var crowd = new ArrayList<>(Contacts.numbers(0, 40, Family.V4));
    crowd.addAll(Contacts.numbers(0, 40, Family.V6));
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));
    var first = offer().getFirst().added().sequencedKeySet();
    var second = next().getFirst().added().sequencedKeySet();

    assertThat(first).containsExactlyElementsOf(crowd.subList(0, 50));
    assertThat(second).containsExactlyElementsOf(crowd.subList(50, 80));
    assertThat(next()).isEmpty();
  }

  @Test
  void droppedAreFiftyAtMostAsWell() {
    var crowd = new ArrayList<>(Contacts.numbers(0, 40, Family.V4));
    crowd.addAll(Contacts.numbers(0, 40, Family.V6));
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));
    offer();
    next();
    crowd.forEach(live::remove);
    live.put(A, PeerFlags.NONE);
    handle(new Input.LiveChanged());

    assertThat(next()).isEqualTo(message(List.of(A), crowd.subList(0, 50)));
    assertThat(next()).isEqualTo(message(List.of(), crowd.subList(50, 80)));
  }

  @Test
  void aRemoteIsToldOfFiftyLiveContactsOfAFamilyAndOfAnotherWhenOneIsDropped() {
    List<PeerAddress> crowd = Contacts.numbers(0, 52, Family.V4);
    crowd.forEach(contact -> live.put(contact, PeerFlags.NONE));

    assertThat(offer().getFirst().added().sequencedKeySet())
        .containsExactlyElementsOf(crowd.subList(0, 50));
    assertThat(next()).isEmpty();
    live.remove(crowd.get(7));

    assertThat(messages(handle(new Input.LiveChanged())))
        .isEqualTo(message(List.of(crowd.get(50)), List.of(crowd.get(7))));
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
    live.remove(A);
    put(moved);

    assertThat(next()).isEqualTo(message(List.of(moved), List.of(A)));
    remove(moved);
    assertThat(next()).isEqualTo(message(List.of(), List.of(moved)));
  }

  // The receiver itself

  @Test
  void theReceiverIsNeverNamedToItself() {
    live.put(REMOTE, PeerFlags.NONE);
    handle(new Input.Located(REMOTE));
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

    assertThat(messages(handle(new Input.Located(REMOTE))))
        .isEqualTo(message(List.of(neighbour), List.of()));
  }

  @Test
  void aContactThatTurnsOutToBeTheReceiverIsDropped() {
    PeerAddress other = Contacts.at("8.0.0.9:7000");
    handle(new Input.Located(REMOTE));
    tellFirst(A, other);
    handle(new Input.Located(other));

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
    handle(new Input.Located(Contacts.at("127.0.0.1:5")));
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
    handle(new Input.Flushed());

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
      assertThat(receive(told)).containsExactly(new Output.Heard(told));
    }
    assertThat(receive(Contacts.message(List.of(B), List.of())))
        .containsExactly(new Output.TooOften());
    assertThat(session.holds(B)).isFalse();

    pass(PexSession.SPACING);
    assertThat(receive(told)).as("a minute later").containsExactly(new Output.Heard(told));
  }

  @Test
  void messagesThatComeSlightlyUnderAMinuteAreRead() {
    var told = Contacts.message(List.of(A), List.of());
    for (int i = 0; i < 100; i++) {
      assertThat(receive(told)).containsExactly(new Output.Heard(told));
      pass(Duration.ofSeconds(12));
    }
  }

  @Test
  void aFloodEndsTheConnection() {
    List<Output> outputs = List.of();
    for (int i = 0; i <= PexSession.FLOOD_PER_MINUTE; i++) {
      assertThat(outputs).noneMatch(output -> output instanceof Output.Close);
      outputs = receive(Contacts.message(List.of(A), List.of()));
    }
    assertThat(outputs).containsExactly(new Output.Close("sent 31 PEX messages in a minute"));
  }

  @Test
  void whatIsNoMessageEndsTheConnection() {
    assertThat(handle(new Input.Received(new byte[] {'d', '5'})))
        .singleElement()
        .isInstanceOfSatisfying(
            Output.Close.class,
            close -> assertThat(close.reason()).startsWith("sent a malformed PEX message: "));
  }

  private static PexSession sessionWith(LiveContacts live, String ip) {
    return new PexSession(live, Contacts.ip(ip), new SplittableRandom(1));
  }

  private PexSession sessionWith(String ip) {
    return sessionWith(live, ip);
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
    return messages(handle(new Input.LiveChanged()));
  }

  private void remove(PeerAddress contact) {
    live.remove(contact);
    assertThat(handle(new Input.LiveChanged())).isEmpty();
  }

  private void tellFirst(PeerAddress... contacts) {
    for (PeerAddress contact : contacts) {
      live.put(contact, PeerFlags.NONE);
    }
    assertThat(offer()).isEqualTo(message(List.of(contacts), List.of()));
    handle(new Input.Flushed());
  }

  /// The message that comes once it may: none, or one that leaves at once.
  private List<PexMessage> next() {
    handle(new Input.Flushed());
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
