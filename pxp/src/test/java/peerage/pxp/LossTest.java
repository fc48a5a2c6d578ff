package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import peerage.testkit.Seeds;

/// Whoever dies, whenever: the others come to an end within their time limits, keep nothing, and
/// their other connections live on.
final class LossTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  /// Somewhere between the question and the end of the upgrade.
  private static Three searching(long seed) {
    Three three = new Three(seed);
    three.a.handle(new Exchange.Input.Wanted(1));
    three.world.run(Duration.ofMillis(three.world.random.nextInt(700)));
    return three;
  }

  @Seeds(60)
  void theTargetDies(long seed) {
    Three three = searching(seed);
    three.b.die();
    three.world.run(LONG);
    assertThat(three.a.has(three.r)).isTrue();
    assertThat(three.a.has(three.b)).isFalse();
    assertThat(three.a.found.size() + three.a.notFound.size()).isEqualTo(1);
    Three.checkNothingIsLeft(three.a);
    Three.checkNothingIsLeft(three.r);
  }

  @Seeds(60)
  void theTargetVanishesWithoutAWord(long seed) {
    Three three = searching(seed);
    three.b.vanish();
    three.world.run(LONG);
    assertThat(three.a.has(three.r)).isTrue();
    assertThat(three.a.has(three.b)).isFalse();
    assertThat(three.r.has(three.b)).as("the dead are found out").isFalse();
    Three.checkNothingIsLeft(three.a);
    Three.checkNothingIsLeft(three.r);
  }

  @Seeds(60)
  void theAskerDies(long seed) {
    Three three = searching(seed);
    three.a.die();
    three.world.run(LONG);
    assertThat(three.b.has(three.r)).isTrue();
    assertThat(three.b.has(three.a)).isFalse();
    Three.checkNothingIsLeft(three.b);
    Three.checkNothingIsLeft(three.r);
  }

  @Seeds(60)
  void theAskerVanishesWithoutAWord(long seed) {
    Three three = searching(seed);
    three.a.vanish();
    three.world.run(LONG);
    assertThat(three.b.has(three.a)).isFalse();
    Three.checkNothingIsLeft(three.b);
    Three.checkNothingIsLeft(three.r);
  }

  @Seeds(60)
  void theRelayDies(long seed) {
    Three three = searching(seed);
    three.r.die();
    three.world.run(LONG);
    assertThat(three.a.has(three.b)).isEqualTo(three.b.has(three.a));
    assertThat(three.a.found.size() + three.a.notFound.size()).isEqualTo(1);
    Three.checkNothingIsLeft(three.a);
    Three.checkNothingIsLeft(three.b);
  }

  @Seeds(60)
  void theRelayVanishesWithoutAWord(long seed) {
    Three three = searching(seed);
    three.r.vanish();
    three.world.run(LONG);
    assertThat(three.a.has(three.b)).isEqualTo(three.b.has(three.a));
    assertThat(three.a.found.size() + three.a.notFound.size()).isEqualTo(1);
    Three.checkNothingIsLeft(three.a);
    Three.checkNothingIsLeft(three.b);
  }

  @Seeds(20)
  void iceLeadsNowhere(long seed) {
    Three three = searching(seed);
    three.world.iceWorks = false;
    three.world.run(LONG);
    assertThat(three.a.found.size() + three.a.notFound.size()).isEqualTo(1);
    Three.checkNothingIsLeft(three.a);
    Three.checkNothingIsLeft(three.b);
    Three.checkNothingIsLeft(three.r);
    assertThat(three.r.peers).hasSize(2);
  }
}
