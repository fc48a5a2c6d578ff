package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.testkit.Seeds;

/// The order in which pieces are started, against a model that counts anew each time.
final class RarityTest {
  @Seeds(100)
  void theRarestOpenPieceOfAPeerIsFoundAsByCounting(long seed) {
    var random = new SplittableRandom(seed);
    int size = 1 + random.nextInt(40);
    var open = new PieceSet(size);
    for (int i = 0; i < size; i++) {
      open.add(random.nextInt(size));
    }
    var rarity = new Rarity(open.copy(), random.split());
    List<PieceSet> peers = new ArrayList<>();
    int seeds = 0;
    for (int step = 0; step < 300; step++) {
      int piece = random.nextInt(size);
      switch (random.nextInt(7)) {
        case 0 -> peers.add(new PieceSet(size));
        case 1, 2 -> {
          if (!peers.isEmpty() && peers.get(random.nextInt(peers.size())).add(piece)) {
            rarity.add(piece);
          }
        }
        case 3 -> {
          if (!peers.isEmpty() && random.nextInt(4) == 0) {
            PieceSet gone = peers.remove(random.nextInt(peers.size()));
            for (int i = gone.next(0); i >= 0; i = gone.next(i + 1)) {
              rarity.remove(i);
            }
          }
        }
        case 4 -> {
          open.add(piece);
          rarity.open(piece);
        }
        case 5 -> {
          open.remove(piece);
          rarity.close(piece);
        }
        default -> {
          if (seeds > 0 && random.nextBoolean()) {
            seeds--;
            rarity.removeSeed();
          } else {
            seeds++;
            rarity.addSeed();
          }
        }
      }
      compare(rarity, open, peers, seeds);
    }
  }

  private static void compare(Rarity rarity, PieceSet open, List<PieceSet> peers, int seeds) {
    int size = open.size();
    int[] counts = new int[size];
    boolean canStart = false;
    for (int piece = 0; piece < size; piece++) {
      for (PieceSet peer : peers) {
        counts[piece] += peer.get(piece) ? 1 : 0;
      }
      assertThat(rarity.count(piece)).isEqualTo(counts[piece] + seeds);
      assertThat(rarity.isOpen(piece)).isEqualTo(open.get(piece));
      canStart |= open.get(piece) && counts[piece] + seeds > 0;
    }
    assertThat(rarity.canStart()).isEqualTo(canStart);
    List<PieceSet> askers = new ArrayList<>(peers);
    if (seeds > 0) {
      askers.add(PieceSet.full(size));
    }
    for (PieceSet asker : askers) {
      int least = Integer.MAX_VALUE;
      for (int i = asker.nextShared(open, 0); i >= 0; i = asker.nextShared(open, i + 1)) {
        least = Math.min(least, counts[i]);
      }
      int rarest = rarity.rarest(asker);
      if (least == Integer.MAX_VALUE) {
        assertThat(rarest).isEqualTo(-1);
      } else {
        assertThat(asker.get(rarest) && open.get(rarest)).isTrue();
        assertThat(counts[rarest]).isEqualTo(least);
      }
    }
  }

  @Test
  void equallyRarePiecesComeInRandomOrder() {
    Map<Integer, Integer> firsts = new LinkedHashMap<>();
    for (int seed = 0; seed < 1000; seed++) {
      var rarity = new Rarity(PieceSet.full(4), new SplittableRandom(seed));
      for (int piece = 0; piece < 4; piece++) {
        rarity.add(piece);
      }
      firsts.merge(rarity.rarest(PieceSet.full(4)), 1, Integer::sum);
    }
    assertThat(firsts.values()).hasSize(4).allSatisfy(n -> assertThat(n).isBetween(200, 300));
  }

  @Test
  void aPeersOnlyOpenPieceIsFoundAmongAMillion() {
    int size = 1_000_000;
    var rarity = new Rarity(PieceSet.full(size), new SplittableRandom(1));
    rarity.addSeed();
    PieceSet one = Rig.set(size, 777_777);
    rarity.add(777_777); // now the most frequent, behind all others
    assertThat(rarity.rarest(one)).isEqualTo(777_777);
    rarity.close(777_777);
    assertThat(rarity.rarest(one)).isEqualTo(-1);
  }
}
