package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.peers.Origin;

/// Whom a swarm keeps while the metadata of its magnet is not here.
final class GossipOnlyTest {
  private static final Map<String, Integer> TELLS = Map.of("ut_pex", 1, "ut_metadata", 2);
  private final Rig rig = new Rig(Privacy.UNKNOWN, SwarmOptions.DEFAULT);

  private Link peer(int number, Map<String, Integer> m) {
    Link link = rig.outgoing(Rig.number(number), Rig.id(number));
    rig.greeted(link, m, 0);
    return link;
  }

  private Link withMetadata(int number) {
    Link link = rig.outgoing(Rig.number(number), Rig.id(number));
    rig.handle(
        new Swarm.Input.ExtensionHandshaken(
            link, Rig.extensions(Map.of("ut_metadata", 2), 0).withMetadata(100)));
    return link;
  }

  private List<Link> letGo() {
    var gone = new ArrayList<Link>();
    for (Swarm.Output output : rig.tick()) {
      if (output instanceof Swarm.Output.Close(Link link, var _)) {
        gone.add(link);
      }
    }
    return gone;
  }

  @Test
  void whoHasNoMetadataAndTellsNothingIsLetGoAfterAWhile() {
    Link useless = peer(1, Map.of("ut_metadata", 2));
    Link useful = withMetadata(2);
    rig.pass(GossipOnly.STAY.minusMillis(1));
    assertThat(letGo()).isEmpty();
    assertThat(rig.swarm.nextDeadline()).isPresent();
    rig.pass(java.time.Duration.ofMillis(1));
    assertThat(letGo()).containsExactly(useless).doesNotContain(useful);
  }

  @Test
  void twentyAreKeptForTheirGossip() {
    var links = new ArrayList<Link>();
    for (int i = 1; i <= GossipOnly.MAX + 5; i++) {
      links.add(peer(i, TELLS));
    }
    rig.pass(GossipOnly.STAY);
    assertThat(letGo()).isEqualTo(links.subList(GossipOnly.MAX, links.size()));
  }

  @Test
  void whomTheUserNamedStays() {
    rig.heard(new Origin.Given(), Rig.number(1));
    peer(1, Map.of());
    rig.pass(GossipOnly.STAY);
    assertThat(letGo()).isEmpty();
  }

  @Test
  void onceTheTorrentIsKnownAllAreOfUse() {
    peer(1, Map.of());
    rig.handle(new Swarm.Input.PrivacyKnown(Privacy.PUBLIC));
    rig.pass(GossipOnly.STAY);
    assertThat(letGo()).isEmpty();
  }
}
