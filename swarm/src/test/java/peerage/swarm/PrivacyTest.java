package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.id;
import static peerage.swarm.Rig.number;

import java.util.Map;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;
import peerage.swarm.Swarm.Output;

/// Of a magnet nobody knows at first whether its torrent is private.
final class PrivacyTest {
  private static final PeerAddress TRACKED = number(1);
  private static final PeerAddress TOLD = number(2);

  private final Rig rig = new Rig(Privacy.UNKNOWN, SwarmOptions.DEFAULT);

  @Test
  void untilItIsKnownPeerExchangeIsOffered() {
    assertThat(rig.swarm.extensions(new Link(1))).containsEntry(UtPex.NAME, Swarm.PEX_ID);
  }

  @Test
  void aTorrentThatTurnsOutToBePublicGoesOnAsBefore() {
    Link link = connected(TRACKED, 1);
    rig.handle(new Input.PrivacyKnown(Privacy.PUBLIC));

    assertThat(rig.outputs).isEmpty();
    assertThat(rig.swarm.extensions(link)).containsEntry(UtPex.NAME, Swarm.PEX_ID);
  }

  @Test
  void aTorrentThatTurnsOutToBePrivateKeepsOnlyWhomTheTrackerNamed() {
    Link tracked = connected(TRACKED, 1);
    rig.tells(tracked, TOLD, number(3));
    Link told = rig.outgoing(TOLD, id(2));
    Link came = rig.incoming("8.0.0.1:40000", id(3), 6881);
    rig.handle(new Input.PrivacyKnown(Privacy.PRIVATE));

    assertThat(rig.closed())
        .containsExactly(
            told + " the torrent is private, and its tracker did not name it",
            came + " the torrent is private, and its tracker did not name it");
    assertThat(rig.swarm.book().all())
        .singleElement()
        .satisfies(c -> assertThat(c.address()).isEqualTo(TRACKED));
    assertThat(rig.events(SwarmEvent.WentPrivate.class))
        .containsExactly(new SwarmEvent.WentPrivate(3, 2));
  }

  @Test
  void whatElseWasHeardOfWhomTheTrackerNamedIsForgottenToo() {
    Link tracked = connected(TRACKED, 1);
    rig.heard(Rig.TRACKER, TOLD);
    rig.tells(tracked, TOLD);
    rig.handle(new Input.PrivacyKnown(Privacy.PRIVATE));

    assertThat(rig.candidate(TOLD).hearings())
        .singleElement()
        .satisfies(hearing -> assertThat(hearing.origin()).isEqualTo(Rig.TRACKER));
  }

  @Test
  void peerExchangeThatWasOfferedIsWithdrawn() {
    Link link = connected(TRACKED, 1);
    rig.handle(new Input.PrivacyKnown(Privacy.PRIVATE));

    assertThat(rig.outputs).contains(new Output.SendHandshake(link));
    assertThat(rig.swarm.extensions(link))
        .containsEntry(UtPex.NAME, 0)
        .containsEntry("ut_metadata", 0);
    assertThat(rig.swarm.extensions(new Link(99))).as("to whom it was not offered").isEmpty();
  }

  @Test
  void fromThenOnNothingIsToldOrHeard() {
    Link link = connected(TRACKED, 1);
    rig.handle(new Input.PrivacyKnown(Privacy.PRIVATE));
    rig.heard(Rig.TRACKER, number(5));
    rig.outgoing(number(5), id(5));
    rig.tells(link, TOLD);
    rig.tick();

    assertThat(rig.told(link)).isEmpty();
    assertThat(rig.swarm.book().get(TOLD)).isEmpty();
  }

  @Test
  void aDialThatWasUnderWayToSomebodyElseIsClosed() {
    Link link = connected(TRACKED, 1);
    rig.tells(link, TOLD);
    rig.handle(new Input.PrivacyKnown(Privacy.PRIVATE));
    Link late = rig.outgoing(TOLD, id(2));

    assertThat(rig.closed())
        .containsExactly(late + " the torrent is private, and its tracker did not name it");
  }

  @Test
  void withAnotherTrackerEverybodyOfTheFirstLeaves() {
    var hidden = new Rig(Privacy.PRIVATE, SwarmOptions.DEFAULT);
    hidden.heard(Rig.TRACKER, TRACKED);
    Link link = hidden.outgoing(TRACKED, id(1));
    hidden.handle(new Input.TrackerChanged("http://other/announce"));
    assertThat(hidden.closed()).hasSize(1).first().asString().startsWith(link.toString());
    assertThat(hidden.swarm.book().size()).isZero();

    assertThat(hidden.heard(new Origin.Tracker("http://other/announce"), number(9)))
        .containsExactly(number(9));
  }

  // Filters

  @Test
  void anAddressThatIsFilteredIsNeitherDialledNorKept() {
    Link link = connected(TRACKED, 1);
    rig.handle(new Input.Filtered(ip -> !ip.equals(TRACKED.ip()), _ -> true));
    assertThat(rig.closed()).containsExactly(link + " its address is filtered");

    assertThat(rig.heard(Rig.TRACKER, TRACKED)).isEmpty();
    rig.gone(link);
    rig.connected(Direction.INCOMING, at(TRACKED.ip() + ":40000"), id(9));
    assertThat(rig.closed()).containsExactly("#2 its address is filtered");
  }

  @Test
  void anAddressThatIsNotSharedStaysConnectedAndIsToldNobody() {
    Link link = connected(TRACKED, 1);
    assertThat(rig.swarm.contacts().contains(TRACKED)).isTrue();
    rig.handle(new Input.Filtered(_ -> true, ip -> !ip.equals(TRACKED.ip())));
    assertThat(rig.closed()).isEmpty();
    assertThat(rig.swarm.contacts().contains(TRACKED)).isFalse();

    rig.handle(new Input.Filtered(_ -> true, _ -> true));
    assertThat(rig.swarm.contacts().contains(TRACKED)).as("switched live").isTrue();
    assertThat(rig.swarm.peers())
        .singleElement()
        .satisfies(p -> assertThat(p.link()).isEqualTo(link));
  }

  private Link connected(PeerAddress peer, int id) {
    rig.heard(Rig.TRACKER, peer);
    Link link = rig.outgoing(peer, id(id));
    rig.greeted(link, Map.of(UtPex.NAME, 1), peer.port());
    return link;
  }
}
