package peerage.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peerage.sim.DhtReport.Kind;
import peerage.sim.DhtReport.Spread;

/// A DHT of many nodes holds what it promises.
final class DhtSimulationTest {
  private static DhtReport run(DhtSetting setting) {
    return new DhtSimulation(setting).run();
  }

  private static DhtSetting churning(Duration lifetime, double liars) {
    return new DhtSetting(150, 7, 60, Optional.of(lifetime), 0.01, 0.3, liars);
  }

  @Test
  void inACalmWorldEveryLookupSucceedsInThreeHops() {
    DhtReport report = run(DhtSetting.calm(200, 7, 100));
    assertThat(report.kinds())
        .extracting(Kind::name)
        .containsExactly("find_node", "get_peers", "get");
    for (Kind kind : report.kinds()) {
      assertThat(kind.success()).as(kind.name()).isGreaterThanOrEqualTo(0.99);
      assertThat(kind.hops().most()).as(kind.name()).isLessThanOrEqualTo(3);
      assertThat(kind.queries().most()).as(kind.name()).isLessThanOrEqualTo(30);
      assertThat(kind.first().most()).as(kind.name()).isLessThanOrEqualTo(1_000);
    }
    assertThat(report.dead()).isZero();
    assertThat(report.datagramsPerNode()).isLessThan(40);
  }

  @Test
  void underChurnPeersAreFoundAsWellAndAreFoundSoon() {
    DhtReport report = run(churning(Duration.ofMinutes(60), 0));
    for (Kind kind : report.kinds()) {
      assertThat(kind.success()).as(kind.name()).isGreaterThanOrEqualTo(0.96);
      assertThat(kind.first().median()).as(kind.name()).isLessThan(2_500);
    }
    assertThat(report.dead()).isBetween(0.01, 0.25);
  }

  @Test
  void aTenthOfLiarsDoesNotKeepAnybodyFromFinding() {
    DhtReport report = run(churning(Duration.ofMinutes(60), 0.1));
    for (Kind kind : report.kinds()) {
      assertThat(kind.success()).as(kind.name()).isGreaterThanOrEqualTo(0.95);
      assertThat(kind.queries().most()).as(kind.name()).isLessThanOrEqualTo(80);
    }
  }

  @Test
  void theSameSeedGivesTheSameRunDatagramByDatagram() {
    var setting = new DhtSetting(40, 3, 10, Optional.of(Duration.ofMinutes(20)), 0.05, 0.3, 0.1);
    DhtReport one = run(setting);
    DhtReport two = run(setting);
    assertThat(two.trace()).isEqualTo(one.trace());
    assertThat(two.kinds()).isEqualTo(one.kinds());
    var other = new DhtSetting(40, 4, 10, Optional.of(Duration.ofMinutes(20)), 0.05, 0.3, 0.1);
    assertThat(run(other).trace()).isNotEqualTo(one.trace());
  }

  @Test
  void aSpreadIsTheMedianAndWhatNineteenOfTwentyStayBelow() {
    assertThat(Spread.of(List.of(3L, 1L, 2L))).isEqualTo(new Spread(2, 3));
    assertThat(Spread.of(List.of())).isEqualTo(new Spread(0, 0));
  }

  @Test
  void aSettingThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> DhtSetting.calm(5, 1, 1)).hasMessageContaining("nodes");
    assertThatThrownBy(() -> new DhtSetting(50, 1, 1, Optional.empty(), 1.5, 0, 0))
        .hasMessageContaining("share");
  }
}
