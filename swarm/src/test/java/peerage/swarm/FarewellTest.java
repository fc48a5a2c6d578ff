package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.id;
import static peerage.swarm.Rig.number;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.pex.PexMessage;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;

/// Two that have everything part, once each has told the other whom it knows.
final class FarewellTest {
  private final Rig rig = new Rig();

  @Test
  void whoHasEverythingLetsWhoHasEverythingGo() {
    Link seed = greeted(1);
    rig.handle(new Input.SeedSeen(seed));
    rig.handle(new Input.Completed());
    assertThat(rig.closed()).isEmpty();

    rig.pass(Departures.FAREWELL);
    rig.tick();
    assertThat(rig.closed()).containsExactly(seed + " neither side wants anything of the other");
  }

  @Test
  void asLongAsWeWantSomethingSeedsStay() {
    Link seed = greeted(1);
    rig.handle(new Input.SeedSeen(seed));
    rig.pass(Duration.ofHours(1));
    rig.tick();

    assertThat(rig.closed()).isEmpty();
  }

  @Test
  void aSeedIsToldOfTheLeechesBeforeItGoes() {
    rig.handle(new Input.Completed());
    greeted(1);
    rig.heard(Rig.TRACKER, number(2));
    Link seed = rig.outgoing(number(2), id(2));
    rig.handle(new Input.SeedSeen(seed));
    rig.greeted(seed, Map.of(UtPex.NAME, 1), 6881);

    assertThat(rig.told(seed).getFirst().added()).containsOnlyKeys(number(1));
    rig.pass(Door.AFTER_TELLING);
    rig.tick();
    assertThat(rig.closed()).containsExactly(seed + " neither side wants anything of the other");
  }

  @Test
  void whoCameAsASeedAndLeftIsToldToTheNextOneAsBep11Allows() {
    rig.handle(new Input.Completed());
    Link seed = greeted(1);
    rig.handle(new Input.SeedSeen(seed));
    rig.pass(Departures.FAREWELL);
    rig.tick();
    rig.gone(seed);
    rig.heard(Rig.TRACKER, number(2));
    Link leech = rig.outgoing(number(2), id(2));
    rig.greeted(leech, Map.of(UtPex.NAME, 1), 6881);

    PexMessage message = rig.told(leech).getFirst();
    assertThat(message.added()).containsOnlyKeys(number(1));
  }

  private Link greeted(int i) {
    rig.heard(Rig.TRACKER, number(i));
    Link link = rig.outgoing(number(i), id(i));
    rig.greeted(link, Map.of(UtPex.NAME, 1), 6881);
    return link;
  }
}
