package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.id;
import static peerage.swarm.Rig.number;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;

/// A peer that dialled us is named to others only when we are sure where it listens.
final class ConfirmationTest {
  private static final PeerAddress CLAIMED = at("8.0.0.1:6881");

  private final Rig rig = new Rig();

  @Test
  void whatAPeerClaimsIsTriedOnceAndToldWhenAConnectionIsTakenThere() {
    claim();
    assertThat(rig.probes()).containsExactly(CLAIMED);
    assertThat(isTold()).isFalse();
    assertThat(evidence()).isEqualTo(Evidence.CLAIMED);

    rig.handle(new Input.Probed(CLAIMED, Probe.OPEN));
    assertThat(isTold()).isTrue();
    assertThat(evidence()).isEqualTo(Evidence.CONFIRMED);
    assertThat(rig.events(SwarmEvent.Confirmed.class)).hasSize(1);
  }

  @Test
  void whereNobodyTakesAConnectionNobodyIsTold() {
    claim();
    rig.handle(new Input.Probed(CLAIMED, Probe.CLOSED));

    assertThat(isTold()).isFalse();
  }

  @Test
  void whatATellerElsewhereNamesNeedsNoTrial() {
    Link teller = rig.outgoing(number(7), id(7));
    rig.tells(teller, CLAIMED);
    claim();

    assertThat(rig.probes()).isEmpty();
    assertThat(isTold()).isTrue();
  }

  @Test
  void whatATellerElsewhereNamesLaterNeedsNoTrialEither() {
    claim();
    Link teller = rig.outgoing(number(7), id(7));
    rig.tells(teller, CLAIMED);

    assertThat(isTold()).isTrue();
  }

  @Test
  void theWordOfANeighbourIsNotIndependent() {
    Link teller = rig.outgoing(at("8.0.3.3:6881"), id(7));
    rig.tells(teller, CLAIMED);
    claim();

    assertThat(rig.probes()).containsExactly(CLAIMED);
    assertThat(isTold()).isFalse();
  }

  @Test
  void theWordOfATrackerIsOnlyThePeersOwn() {
    rig.heard(Rig.TRACKER, CLAIMED);
    claim();

    assertThat(isTold()).isFalse();
  }

  @Test
  void theUsersWordIsEnough() {
    rig.heard(new Origin.Given(), CLAIMED);
    claim();

    assertThat(isTold()).isTrue();
  }

  @Test
  void whomWeReachedBeforeNeedsNoTrial() {
    rig.heard(Rig.TRACKER, CLAIMED);
    rig.gone(rig.outgoing(CLAIMED, id(1)));
    claim();

    assertThat(rig.probes()).isEmpty();
    assertThat(isTold()).isTrue();
  }

  @Test
  void aPeerThatClaimsOneAddressAfterTheOtherMakesUsTryThree() {
    Link link = claim();
    var tried = new ArrayList<>(rig.probes());
    for (int port = 7_000; port < 7_100; port++) {
      rig.greeted(link, Map.of(), port);
      tried.addAll(rig.probes());
    }

    assertThat(tried).hasSize(Confirmation.MAX_PER_PEER);
  }

  @Test
  void aCrowdIsTriedWithinTheBudget() {
    var tried = new ArrayList<PeerAddress>();
    for (int i = 1; i < 90; i++) {
      Link link = rig.connected(Direction.INCOMING, at("8.1." + i + ".1:40000"), id(0x100 + i));
      rig.greeted(link, Map.of(UtPex.NAME, 1), 6881);
      tried.addAll(rig.probes());
    }
    assertThat(tried).as("at once").hasSize(Confirmation.MAX_UNDER_WAY);
    for (int i = 0; i < tried.size() && i < 40; i++) {
      rig.handle(new Input.Probed(tried.get(i), Probe.OPEN));
      tried.addAll(rig.probes());
    }
    assertThat(tried).as("in a moment").hasSize(Confirmation.BURST);
    assertThat(rig.swarm.nextDeadline().orElseThrow()).isBefore(rig.now.plusSeconds(1));

    rig.pass(Duration.ofSeconds(1));
    rig.tick();
    assertThat(rig.probes()).hasSize(Confirmation.PER_SECOND);
  }

  private Link claim() {
    Link link = rig.connected(Direction.INCOMING, at("8.0.0.1:40000"), id(1));
    rig.greeted(link, Map.of(UtPex.NAME, 1), CLAIMED.port());
    return link;
  }

  private boolean isTold() {
    return rig.swarm.contacts().contains(CLAIMED);
  }

  private Evidence evidence() {
    return rig.swarm.peers().getLast().evidence();
  }
}
