package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.number;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PexDialect;
import peerage.pex.PexMessage;

/// What a teller's offences cost it, and what its word is worth.
final class TellerLedgerTest {
  private static final PeerAddress WHERE = at("8.0.0.1:6881");

  private final TellerLedger ledger = new TellerLedger();
  private Instant now = Instant.EPOCH;

  // Offences

  @Test
  void whatHarmsNobodyIsCountedAndCostsNothingHoweverOftenItHappens() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(offends(Offence.ODD)).isEqualTo(Verdict.HEED);
    }
    assertThat(teller().count(Offence.ODD)).isEqualTo(1_000);
    assertThat(view().score()).isEqualTo(100);
  }

  @Test
  void aMessageALittleTooSoonOrALittleTooLongIsCountedAsANearMissAndCostsNothing() {
    ledger.heard(peer(1), contacts(1), now);
    now = now.plusMillis(59_980);
    ledger.heard(peer(1), contacts(1), now);
    now = now.plusSeconds(60);
    ledger.heard(peer(1), contacts(200), now);

    assertThat(teller().count(Offence.NEAR_MISS)).isEqualTo(2);
    assertThat(view().score()).isEqualTo(100);
    assertThat(view().spacing()).contains(Duration.ofMillis(59_980));
  }

  @Test
  void theSpacingOfTwoConnectionsIsNotMixed() {
    ledger.heard(peer(1), contacts(1), now);
    now = now.plusSeconds(1);
    ledger.heard(peer(2), contacts(1), now);

    assertThat(view().spacing()).isEmpty();
  }

  @Test
  void oneMalformedMessageIsForgivenTwoMuteAndFourClose() {
    assertThat(offends(Offence.MALFORMED)).isEqualTo(Verdict.HEED);
    assertThat(ledger.isMuted(peer(1), now)).isFalse();
    assertThat(offends(Offence.MALFORMED)).isEqualTo(Verdict.MUTE);
    assertThat(ledger.isMuted(peer(1), now)).isTrue();
    assertThat(offends(Offence.MALFORMED)).isEqualTo(Verdict.MUTE);
    assertThat(offends(Offence.MALFORMED)).isEqualTo(Verdict.CLOSE);
  }

  @Test
  void whoIsMutedIsHeardAgainAfterTenMinutesAndWhoWasClosedAfterAnHour() {
    offends(Offence.MALFORMED);
    offends(Offence.MALFORMED);
    now = now.plus(Teller.MUTE);
    assertThat(ledger.isMuted(peer(1), now)).isFalse();

    offends(Offence.FLOOD);
    offends(Offence.FLOOD);
    now = now.plus(Teller.BAN).minusNanos(1);
    assertThat(ledger.isMuted(peer(1), now)).isTrue();
    now = now.plusNanos(1);
    assertThat(ledger.isMuted(peer(1), now)).isFalse();
  }

  @Test
  void aFloodAfterDozensOfMessagesTooOftenCloses() {
    for (int i = 0; i < 24; i++) {
      assertThat(offends(Offence.TOO_OFTEN)).isEqualTo(Verdict.HEED);
    }
    assertThat(offends(Offence.FLOOD)).isEqualTo(Verdict.CLOSE);
  }

  @Test
  void offencesAreForgivenWithTime() {
    offends(Offence.MALFORMED);
    now = now.plus(Teller.FORGIVEN);
    assertThat(view().score()).isEqualTo(85);
    now = now.plus(Duration.ofHours(3));
    assertThat(view().score()).isEqualTo(100);
  }

  @Test
  void whoComesBackUnderAnotherPortIsTheSameTeller() {
    offends(Offence.FLOOD);
    var back = peer(7, at("8.0.0.1:40123"));

    assertThat(ledger.isMuted(back, now)).isTrue();
    assertThat(ledger.isMuted(peer(8, at("8.0.0.2:40123")), now)).isFalse();
  }

  @Test
  void aCrowdOfNewTellersMakesUsForgetOldOnesButNotThoseWhoAreMuted() {
    offends(Offence.FLOOD);
    ledger.heard(peer(2, at("8.0.0.2:6881")), contacts(1), now);
    for (int i = 0; i < 3_000; i++) {
      ledger.heard(peer(10 + i, number(i)), contacts(1), now);
    }
    assertThat(ledger.views(now)).hasSize(TellerLedger.MAX_TELLERS);
    assertThat(ledger.isMuted(peer(1), now)).isTrue();
    assertThat(ledger.get(source(at("8.0.0.2:6881")))).isEmpty();
  }

  // Credit

  @Test
  void fourMoreFailuresThanAnswersUseItsCreditUp() {
    ledger.heard(peer(1), contacts(1), now);
    teller().answered(now);
    for (int i = 0; i < 4; i++) {
      teller().failed(now);
      assertThat(hasCredit()).isTrue();
    }
    teller().failed(now);
    assertThat(hasCredit()).isFalse();
  }

  @Test
  void creditComesBackByAnAnswerOrByAndBy() {
    ledger.heard(peer(1), contacts(1), now);
    for (int i = 0; i < 4; i++) {
      teller().failed(now);
    }
    assertThat(hasCredit()).isFalse();
    teller().answered(now);
    assertThat(hasCredit()).isTrue();
    teller().failed(now);

    Instant again = ledger.creditAt(List.of(source(WHERE)), now).orElseThrow();
    assertThat(again).isBetween(now.plusSeconds(60), now.plus(Duration.ofMinutes(8)));
    now = again.minusMillis(2);
    assertThat(hasCredit()).isFalse();
    now = again;
    assertThat(hasCredit()).isTrue();
  }

  @Test
  void whoNamedAHundredRealPeersMayNotNameAHundredFalseOnesThen() {
    ledger.heard(peer(1), contacts(1), now);
    for (int i = 0; i < 100; i++) {
      teller().answered(now);
    }
    int dials = 0;
    for (; hasCredit(); dials++) {
      teller().failed(now);
    }
    assertThat(dials).isEqualTo(12);
  }

  @Test
  void beforeAnythingAnswersEightOfItsCandidatesAreDialledAtOnceAndEachAnswerAllowsOneMore() {
    ledger.heard(peer(1), contacts(1), now);
    ledger.told(new Origin.Pex(WHERE, PexDialect.UT_PEX), now);
    for (int i = 0; i < Teller.WINDOW; i++) {
      assertThat(hasCredit()).isTrue();
      ledger.dialled(List.of(source(WHERE)));
    }
    assertThat(hasCredit()).isFalse();
    assertThat(ledger.creditAt(List.of(source(WHERE)), now)).isEmpty();
    ledger.answered(List.of(source(WHERE)), now);
    assertThat(hasCredit()).isTrue();
  }

  private Verdict offends(Offence offence) {
    return ledger.offence(peer(1), offence, now);
  }

  private boolean hasCredit() {
    return ledger.hasCredit(List.of(source(WHERE)), now);
  }

  private Teller teller() {
    return ledger.get(source(WHERE)).orElseThrow();
  }

  private TellerView view() {
    return teller().view(now);
  }

  private static Source source(PeerAddress teller) {
    return Source.of(new Origin.Pex(teller, PexDialect.UT_PEX));
  }

  private Peer peer(int link) {
    return peer(link, WHERE);
  }

  private Peer peer(int link, PeerAddress remote) {
    return new Peer(
        new Link(link), Direction.OUTGOING, remote, Rig.id(link), new Origin.Given(), now, null);
  }

  private static PexMessage contacts(int count) {
    var added = new LinkedHashMap<PeerAddress, PeerFlags>();
    Rig.numbers(0, count).forEach(address -> added.put(address, PeerFlags.NONE));
    return new PexMessage(added, new LinkedHashSet<>());
  }
}
