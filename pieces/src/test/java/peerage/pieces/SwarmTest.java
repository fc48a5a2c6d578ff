package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.testkit.Seeds;

/// Whole swarms: whatever the delays and whoever leaves, everybody gets everything, and every
/// machine keeps its rules after every event (see [SimulatedDriver]).
final class SwarmTest {
  private static final Duration CHURNING = Duration.ofMinutes(3);
  private static final Duration LIMIT = Duration.ofHours(3);
  private static final int FAST = 1 << 20;

  @Seeds(30)
  void everybodyGetsEverythingThoughPeersComeAndGo(long seed) {
    SimulatedSwarm swarm = randomSwarm(seed);

    run(swarm);

    assertThat(swarm.allDone()).isTrue();
    assertThat(swarm.hosts).allMatch(host -> host.closed.isEmpty());
    assertThat(swarm.hosts).allMatch(host -> host.unansweredFastRequests() == 0);
  }

  @Seeds(30)
  void aPoisonerIsFoundOutAndDoesNotKeepAnybodyFromFinishing(long seed) {
    SimulatedSwarm swarm = randomSwarm(seed);
    var poisoner = swarm.host(PieceSet.full(swarm.layout.pieceCount()), slots(8), FAST);
    poisoner.badPercent = 100;

    run(swarm);

    assertThat(swarm.allDone()).isTrue();
    assertThat(swarm.hosts.stream().filter(host -> host.banned.contains(poisoner))).isNotEmpty();
  }

  @Seeds(10)
  void aPeerThatNeverAnswersHoldsNobodyUp(long seed) {
    SimulatedSwarm swarm = randomSwarm(seed);
    swarm.host(PieceSet.full(swarm.layout.pieceCount()), slots(8), FAST).isSilent = true;

    run(swarm);

    assertThat(swarm.allDone()).isTrue();
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    assertThat(traceOf(5)).isEqualTo(traceOf(5)).isNotEqualTo(traceOf(6));
  }

  private static List<String> traceOf(long seed) {
    SimulatedSwarm swarm = randomSwarm(seed);
    run(swarm);
    return swarm.trace;
  }

  /// A seed, and leechers of different speeds that have anything from nothing to everything.
  private static SimulatedSwarm randomSwarm(long seed) {
    var random = new SplittableRandom(seed * 31 + 7);
    int pieceLength = 1 + random.nextInt(10 * 16 * 1024);
    long total = (long) pieceLength * random.nextInt(1, 60) + random.nextInt(pieceLength);
    var layout = new PieceLayout(pieceLength, total);
    var swarm = new SimulatedSwarm(seed, layout);
    swarm.host(PieceSet.full(layout.pieceCount()), slots(1 + random.nextInt(8)), FAST);
    int leechers = random.nextInt(1, 8);
    for (int i = 0; i < leechers; i++) {
      var have = new PieceSet(layout.pieceCount());
      int percent = random.nextInt(3) == 0 ? random.nextInt(100) : 0;
      for (int piece = 0; piece < have.size(); piece++) {
        if (random.nextInt(100) < percent) {
          have.add(piece);
        }
      }
      int speed = 20_000 + random.nextInt(2_000_000);
      swarm.host(have, slots(1 + random.nextInt(8)), speed);
    }
    return swarm;
  }

  private static TransferOptions slots(int count) {
    return new TransferOptions(count);
  }

  private static void run(SimulatedSwarm swarm) {
    swarm.meet();
    var end = SimulatedSwarm.START.plus(LIMIT);
    while (!swarm.allDone() && swarm.now.isBefore(end)) {
      swarm.runUntil(swarm.now.plusSeconds(1));
      if (swarm.now.isBefore(SimulatedSwarm.START.plus(CHURNING))) {
        swarm.churn();
      } else {
        swarm.meet();
      }
    }
    swarm.runUntil(swarm.now.plusSeconds(60));
  }
}
