package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.TRACKER;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.id;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.swarm.Swarm.Input;

/// One peer with an address in each family, as it says by `ipv4` and `ipv6` (BEP 10), is one
/// candidate.
final class AliasTest {
  private static final PeerAddress FIRST = at("9.0.0.1:6881");
  private static final PeerAddress SECOND = at("[2a00:1::1]:6881");

  private final Rig rig = new Rig();

  @Test
  void thePeersOtherAddressIsNotDialledBesidesIt() {
    Link link = connectedAt(FIRST);
    claims(link, SECOND);

    assertThat(rig.heard(TRACKER, FIRST, SECOND)).isEmpty();
    assertThat(rig.swarm.book().size()).isEqualTo(1);
  }

  @Test
  void twoCandidatesBecomeOneAsSoonAsThePeerSaysSo() {
    rig.heard(TRACKER, FIRST);
    Link link = rig.outgoing(FIRST, id(1));
    rig.heard(Rig.teller("7.7.7.7:1"), SECOND);
    rig.failed(SECOND);
    assertThat(rig.swarm.book().size()).isEqualTo(2);
    claims(link, SECOND);

    assertThat(rig.swarm.candidates(rig.now))
        .singleElement()
        .satisfies(view -> assertThat(view.address()).isEqualTo(FIRST))
        .satisfies(view -> assertThat(view.alias()).contains(SECOND));
    assertThat(rig.dialledWithin(Duration.ofHours(2))).isEmpty();
  }

  @Test
  void aPeerThatDialledUsIsOneCandidateToo() {
    Link link = rig.incoming("[2a00:1::1]:40000", id(1), 6881);
    claims(link, FIRST);

    assertThat(rig.heard(TRACKER, FIRST, SECOND)).isEmpty();
    assertThat(rig.swarm.book().size()).isEqualTo(1);
  }

  @Test
  void whatIsOnlyClaimedEndsWithTheConnection() {
    Link link = connectedAt(FIRST);
    claims(link, SECOND);
    rig.heard(TRACKER, SECOND);
    rig.gone(link);

    assertThat(rig.dials()).containsExactly(SECOND);
    assertThat(rig.candidate(SECOND).firstOrigin()).isEqualTo(TRACKER);
  }

  @Test
  void whatADialProvedOutlastsTheConnection() {
    Link link = connectedAt(FIRST);
    assertThat(rig.heard(TRACKER, SECOND)).containsExactly(SECOND);
    rig.outgoing(SECOND, id(1)); // the same peer answers there
    rig.gone(new Link(link.number() + 1));
    assertThat(rig.swarm.book().size()).isEqualTo(1);
    rig.gone(link);

    assertThat(rig.swarm.book().size()).isEqualTo(1);
    assertThat(rig.dialledWithin(Duration.ofMinutes(30))).first().isEqualTo(FIRST);
  }

  @Test
  void whenTheFirstAddressFailsTheSecondHasItsTurn() {
    Link link = connectedAt(FIRST);
    rig.heard(TRACKER, SECOND);
    rig.outgoing(SECOND, id(1));
    rig.gone(new Link(link.number() + 1));
    rig.gone(link);
    rig.pass(Duration.ofMinutes(30));
    rig.tick();
    assertThat(rig.dials()).containsExactly(FIRST);
    rig.failed(FIRST);

    assertThat(rig.dialledWithin(Duration.ofMinutes(5))).contains(SECOND);
  }

  @Test
  void aClaimDoesNotHideWhoIsAPeerThere() {
    Link honest = connectedAt(SECOND);
    Link liar = rig.outgoing(FIRST, id(2));
    rig.heard(TRACKER, FIRST);
    claims(liar, SECOND);

    assertThat(rig.swarm.peers()).hasSize(2);
    assertThat(rig.candidate(SECOND).isConnected()).isTrue();
    rig.gone(honest);
    assertThat(rig.swarm.book().get(SECOND)).as("was reached there").isPresent();
  }

  @Test
  void aClaimDoesNotHideWhomTheUserNamed() {
    rig.heard(new Origin.Given(), SECOND);
    rig.failed(SECOND);
    Link liar = connectedAt(FIRST);
    claims(liar, SECOND);

    assertThat(rig.dialledWithin(Duration.ofMinutes(1))).contains(SECOND);
  }

  @Test
  void aPeerHasOneAliasAndItsLatestClaimCounts() {
    PeerAddress third = at("[2a00:2::2]:6881");
    Link link = connectedAt(FIRST);
    claims(link, SECOND);
    rig.heard(TRACKER, SECOND);
    claims(link, third);

    assertThat(rig.dials()).as("hidden no longer").containsExactly(SECOND);
    assertThat(rig.heard(TRACKER, third)).isEmpty();
  }

  @Test
  void aClaimIsNoHearing() {
    claims(connectedAt(FIRST), SECOND);

    assertThat(rig.swarm.candidates(rig.now)).hasSize(1);
    assertThat(rig.dialledWithin(Duration.ofHours(1))).isEmpty();
  }

  @Test
  void aFilterFindsAnAliasToo() {
    Link link = connectedAt(FIRST);
    claims(link, SECOND);
    rig.heard(TRACKER, SECOND);
    rig.handle(new Input.Filtered(ip -> !ip.equals(SECOND.ip()), _ -> true));
    rig.gone(link);

    assertThat(rig.dialledWithin(Duration.ofHours(1))).doesNotContain(SECOND);
  }

  private Link connectedAt(PeerAddress address) {
    rig.heard(TRACKER, address);
    return rig.outgoing(address, id(1));
  }

  private void claims(Link link, PeerAddress other) {
    IpAddress ip = other.ip();
    rig.handle(
        new Input.ExtensionHandshaken(
            link, Rig.extensions(Map.of("ut_pex", 1), other.port()).alsoAt(ip)));
  }
}
