package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.bencode.MalformedMessage;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// A set of pieces and its form on the wire.
final class PieceSetTest {
  @Test
  void theFirstPieceIsTheHighestBitOfTheFirstByte() throws MalformedMessage {
    PieceSet set = Rig.set(11, 0, 7, 8, 10);
    byte[] bits = {(byte) 0b1000_0001, (byte) 0b1010_0000};
    assertThat(set.toWire()).isEqualTo(bits);
    assertThat(PieceSet.fromWire(bits, 11)).isEqualTo(set).hasToString("4 of 11 pieces");
  }

  @Test
  void aSpareBitOrAWrongLengthIsMalformed() {
    assertThatThrownBy(() -> PieceSet.fromWire(new byte[] {0, 0b0001_0000}, 11))
        .isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> PieceSet.fromWire(new byte[1], 11))
        .isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> PieceSet.fromWire(new byte[3], 11))
        .isInstanceOf(MalformedMessage.class);
  }

  @Seeds(20)
  void anyBytesAreASetOrMalformed(long seed) {
    var random = new SplittableRandom(seed);
    byte[] valid = Rig.set(29, 0, 5, 28).toWire();
    Hostile.mutations(random, List.of(valid), 200)
        .forEach(
            bytes -> {
              try {
                assertThat(PieceSet.fromWire(bytes, 29).toWire()).isEqualTo(bytes);
              } catch (MalformedMessage e) {
                assertThat(e).hasMessageContaining("bitfield");
              }
            });
  }

  @Test
  void aTorrentMayHaveNoPieces() throws MalformedMessage {
    assertThat(PieceSet.fromWire(new byte[0], 0).isFull()).isTrue();
    assertThat(PieceSet.full(0).isEmpty()).isTrue();
  }

  @Test
  void thereIsNoPieceOutsideOfTheTorrent() {
    var set = new PieceSet(65);
    assertThatThrownBy(() -> set.get(65)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> set.add(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> set.remove(127)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new PieceSet(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCopyIsIndependent() {
    PieceSet set = Rig.set(3, 1);
    PieceSet copy = set.copy();
    copy.add(2);
    assertThat(set).isEqualTo(Rig.set(3, 1)).isNotEqualTo(copy);
  }

  @Seeds(50)
  void itBehavesLikeASetOfBits(long seed) throws MalformedMessage {
    var random = new SplittableRandom(seed);
    int size = 1 + random.nextInt(200);
    var model = new BitSet();
    var set = random.nextInt(5) == 0 ? PieceSet.full(size) : new PieceSet(size);
    model.set(0, set.count());
    for (int i = 0; i < 200; i++) {
      int piece = random.nextInt(size);
      boolean had = model.get(piece);
      assertThat(set.get(piece)).isEqualTo(had);
      if (random.nextBoolean()) {
        assertThat(set.add(piece)).isEqualTo(!had);
        model.set(piece);
      } else {
        assertThat(set.remove(piece)).isEqualTo(had);
        model.clear(piece);
      }
    }
    var inOrder = new ArrayList<Integer>();
    for (int piece = set.next(0); piece >= 0; piece = set.next(piece + 1)) {
      inOrder.add(piece);
    }
    assertThat(inOrder).isEqualTo(model.stream().boxed().toList());
    assertThat(set.count()).isEqualTo(model.cardinality());
    assertThat(set.isFull()).isEqualTo(model.cardinality() == size);
    assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
    assertThat(PieceSet.fromWire(set.toWire(), size)).isEqualTo(set);
    PieceSet all = PieceSet.full(size);
    assertThat(all.without(set).count()).isEqualTo(size - set.count());
    assertThat(all.sharedCount(set)).isEqualTo(set.count());
  }
}
