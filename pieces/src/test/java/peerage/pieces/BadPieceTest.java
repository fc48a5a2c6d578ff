package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.pieces.Rig.A;
import static peerage.pieces.Rig.B;
import static peerage.pieces.Rig.C;
import static peerage.pieces.Rig.closed;
import static peerage.pieces.Rig.requests;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.pieces.Transfer.Fast;
import peerage.pieces.Transfer.Input;
import peerage.pieces.Transfer.Output;
import peerage.wire.Block;

/// Whose fault a bad piece is, and how it is fetched again.
final class BadPieceTest {
  private static final int BLOCKS = 32;

  /// One piece of 32 blocks: A brings the first 16, B the rest.
  private static Rig shared(int pieces) {
    var rig = Rig.leecher(pieces, BLOCKS * Block.SIZE);
    List<Block> first = rig.joinSeed(A, Fast.NO);
    List<Block> second = rig.joinSeed(B, Fast.NO);
    first.forEach(block -> rig.arrive(A, block));
    second.forEach(block -> rig.arrive(B, block));
    return rig;
  }

  @Test
  void whoSentAllOfABadPieceIsClosed() {
    var rig = Rig.leecher(1);
    rig.joinSeed(A, Fast.NO);
    rig.deliver(A, 0);
    assertThat(rig.bad(0))
        .containsExactly(
            new Output.PieceRefused(0, List.of(A)), new Output.Close(A, Transfer.BAD_PIECE));
  }

  @Test
  void allBlocksOfABadPieceComeAgain() {
    var rig = shared(1);
    List<Output> outputs = rig.bad(0);
    assertThat(outputs).contains(new Output.PieceRefused(0, List.of(A, B)));
    outputs.addAll(rig.pass(Duration.ofSeconds(1)));
    assertThat(requests(outputs, A)).startsWith(new Block(0, 0, Block.SIZE));
    assertThat(rig.transfer.isDone()).isFalse();
  }

  @Test
  void aPieceThatWasBadIsFetchedFromOnePeerAloneForAMinute() {
    var rig = shared(1);
    List<Output> outputs = rig.bad(0);
    outputs.addAll(rig.pass(Duration.ofSeconds(1)));
    assertThat(requests(outputs, A)).isNotEmpty();
    assertThat(requests(outputs, B)).isEmpty();
    assertThat(rig.joinSeed(C, Fast.NO)).isEmpty();
    assertThat(requests(rig.pass(Duration.ofSeconds(75)), C)).isNotEmpty();
  }

  @Test
  void oneOfSeveralIsClosedAtItsSecondBadPiece() {
    var rig = shared(1);
    assertThat(closed(rig.bad(0))).isEmpty();
    rig.pass(Duration.ofSeconds(1));
    rig.deliver(A, 0);
    assertThat(closed(rig.bad(0))).containsExactly(A);
  }

  @Test
  void whoThenBringsThePieceAloneIsAcquitted() {
    var rig = shared(1);
    rig.bad(0);
    rig.pass(Duration.ofSeconds(1));
    rig.deliver(A, 0);
    assertThat(closed(rig.good(0))).isEmpty();
    assertThat(rig.transfer.isDone()).isTrue();
  }

  @Test
  void whoWasAcquittedMayHaveAPartInAnotherBadPiece() {
    var rig = Rig.leecher(2, BLOCKS * Block.SIZE);
    rig.handle(new Input.Want(Rig.set(2, 0)));
    List<Block> first = rig.joinSeed(A, Fast.NO);
    rig.joinSeed(B, Fast.NO).forEach(block -> rig.arrive(B, block));
    first.forEach(block -> rig.arrive(A, block));
    rig.bad(0);
    rig.pass(Duration.ofSeconds(1));
    Link alone = rig.asked(A).isEmpty() ? B : A;
    Link other = alone.equals(A) ? B : A;
    rig.deliver(alone, 0);
    rig.good(0);

    rig.handle(new Input.Want(PieceSet.full(2)));
    rig.pass(Duration.ofSeconds(1));
    rig.arrive(other, rig.asked(other).getLast());
    while (!rig.asked(alone).isEmpty()) {
      rig.arrive(alone, rig.asked(alone).getFirst());
    }
    while (!rig.asked(other).isEmpty()) {
      rig.arrive(other, rig.asked(other).getFirst());
    }

    assertThat(closed(rig.bad(1))).containsExactly(other);
  }

  @Test
  void aVerdictOverAPieceThatIsStillComingSaysNothing() {
    var rig = Rig.leecher(1);
    rig.joinSeed(A, Fast.NO);
    assertThat(rig.bad(0)).isEmpty();
    assertThat(rig.deliver(A, 0)).contains(new Output.Check(0));
  }

  @Test
  void aPieceFoundBadLaterIsFetchedAgain() {
    var rig = Rig.with(2, 0);
    rig.joinSeed(A, Fast.NO);
    rig.bad(0);
    rig.pass(Duration.ofSeconds(1));
    assertThat(rig.transfer.have().isEmpty()).isTrue();
    assertThat(rig.snapshot(A).outstanding()).isEqualTo(8);
  }
}
