package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import peerage.testkit.Seeds;

/// Whoever dies, whenever: the others come to an end within their time limits, keep nothing, and
/// their other connections live on.
final class LossTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final class Three {
    final World world;
    final Node a;
    final Node r;
    final Node b;

    Three(long seed) {
      world = new World(seed);
      a = world.node("a");
      r = world.node("r");
      b = world.node("b");
      world.connect(a, r);
      world.connect(b, r);
      world.until("all are there", _ -> r.peers.size() == 2 && a.has(r) && b.has(r));
      a.handle(new Exchange.Input.Wanted(1));
      // Somewhere between the question and the end of the upgrade.
      world.run(Duration.ofMillis(world.random.nextInt(700)));
    }

    void checkNothingIsLeft(Node node) {
      int peers = node.peers.size();
      assertThat(node.exchange.sizes())
          .as(node.name)
          .isEqualTo(new Exchange.Sizes(peers, peers, peers, 0, 0, 0, 0));
    }
  }

  @Seeds(60)
  void theTargetDies(long seed) {
    Three three = new Three(seed);
    three.b.die();
    three.world.run(LONG);
    assertThat(three.a.has(three.r)).isTrue();
    assertThat(three.a.has(three.b)).isFalse();
    assertThat(three.a.found.size() + three.a.notFound.size()).isEqualTo(1);
    three.checkNothingIsLeft(three.a);
    three.checkNothingIsLeft(three.r);
  }

  @Seeds(60)
  void theTargetVanishesWithoutAWord(long seed) {
    Three three = new Three(seed);
    three.b.vanish();
    three.world.run(LONG);
    assertThat(three.a.has(three.r)).isTrue();
    assertThat(three.a.has(three.b)).isFalse();
    assertThat(three.r.has(three.b)).as("the dead are found out").isFalse();
    three.checkNothingIsLeft(three.a);
    three.checkNothingIsLeft(three.r);
  }

  @Seeds(60)
  void theAskerDies(long seed) {
    Three three = new Three(seed);
    three.a.die();
    three.world.run(LONG);
    assertThat(three.b.has(three.r)).isTrue();
    assertThat(three.b.has(three.a)).isFalse();
    three.checkNothingIsLeft(three.b);
    three.checkNothingIsLeft(three.r);
  }

  @Seeds(60)
  void theAskerVanishesWithoutAWord(long seed) {
    Three three = new Three(seed);
    three.a.vanish();
    three.world.run(LONG);
    assertThat(three.b.has(three.a)).isFalse();
    three.checkNothingIsLeft(three.b);
    three.checkNothingIsLeft(three.r);
  }

  @Seeds(60)
  void theRelayDies(long seed) {
    Three three = new Three(seed);
    three.r.die();
    three.world.run(LONG);
    assertThat(three.a.has(three.b)).isEqualTo(three.b.has(three.a));
    assertThat(three.a.found.size() + three.a.notFound.size()).isEqualTo(1);
    three.checkNothingIsLeft(three.a);
    three.checkNothingIsLeft(three.b);
  }

  @Seeds(60)
  void theRelayVanishesWithoutAWord(long seed) {
    Three three = new Three(seed);
    three.r.vanish();
    three.world.run(LONG);
    assertThat(three.a.has(three.b)).isEqualTo(three.b.has(three.a));
    assertThat(three.a.found.size() + three.a.notFound.size()).isEqualTo(1);
    three.checkNothingIsLeft(three.a);
    three.checkNothingIsLeft(three.b);
  }

  @Seeds(20)
  void iceLeadsNowhere(long seed) {
    Three three = new Three(seed);
    three.world.iceWorks = false;
    three.world.run(LONG);
    assertThat(three.a.found.size() + three.a.notFound.size()).isEqualTo(1);
    three.checkNothingIsLeft(three.a);
    three.checkNothingIsLeft(three.b);
    three.checkNothingIsLeft(three.r);
    assertThat(three.r.peers).hasSize(2);
  }
}
