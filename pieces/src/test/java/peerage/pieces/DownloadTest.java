package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.pieces.Rig.A;
import static peerage.pieces.Rig.B;
import static peerage.pieces.Rig.closed;
import static peerage.pieces.Rig.counted;
import static peerage.pieces.Rig.requests;
import static peerage.pieces.Rig.sent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.pieces.Transfer.Fast;
import peerage.pieces.Transfer.Input;
import peerage.pieces.Transfer.Output;
import peerage.wire.Block;
import peerage.wire.Message;

/// What is asked of whom, and when.
final class DownloadTest {
  @Test
  void weAreInterestedExactlyWhileAPeerHasWhatWeLack() {
    var rig = Rig.with(3, 0);
    rig.join(A, Fast.NO);
    assertThat(sent(rig.receive(A, new Message.Have(0)), A)).isEmpty();
    assertThat(sent(rig.receive(A, new Message.Have(1)), A))
        .containsExactly(new Message.Interested());
    assertThat(sent(rig.receive(A, new Message.Have(1)), A)).isEmpty();
    assertThat(sent(rig.good(1), A)).containsExactly(new Message.NotInterested());
    assertThat(sent(rig.handle(new Input.PieceLost(0)), A))
        .containsExactly(new Message.Interested());
    assertThat(sent(rig.handle(new Input.Want(Rig.set(3, 1, 2))), A))
        .containsExactly(new Message.NotInterested());
  }

  @Test
  void nothingIsAskedOfAPeerThatChokesUs() {
    var rig = Rig.leecher(3);
    rig.join(A, Fast.NO);
    assertThat(requests(rig.receive(A, new Message.Bitfield(Rig.set(3, 1).toWire())), A)).isEmpty();
    assertThat(requests(rig.receive(A, new Message.Unchoke()), A)).hasSize(4);
  }

  @Test
  void anAllowedPieceIsAskedOfAFastPeerThoughItChokesUs() {
    var rig = Rig.leecher(3);
    rig.join(A, Fast.YES);
    rig.receive(A, new Message.HaveAll());
    assertThat(requests(rig.receive(A, new Message.AllowedFast(1)), A))
        .containsExactly(
            rig.layout.block(1, 0),
            rig.layout.block(1, 1),
            rig.layout.block(1, 2),
            rig.layout.block(1, 3));
  }

  @Test
  void aFreshLinkGetsSixteenRequestsPieceByPieceAndInOrder() {
    var rig = Rig.leecher(100);
    List<Block> asked = rig.joinSeed(A, Fast.YES);
    assertThat(asked).hasSize(16).doesNotHaveDuplicates();
    for (int i = 0; i < 16; i++) {
      assertThat(asked.get(i).piece()).isEqualTo(asked.get(i / 4 * 4).piece());
      assertThat(asked.get(i).begin()).isEqualTo(i % 4 * Block.SIZE);
    }
  }

  @Test
  void twoPeersFetchDifferentPieces() {
    var rig = Rig.leecher(100);
    var first = rig.joinSeed(A, Fast.YES).stream().map(Block::piece).toList();
    var second = rig.joinSeed(B, Fast.YES).stream().map(Block::piece).toList();
    assertThat(first).isNotEmpty().doesNotContainAnyElementsOf(second);
  }

  @Test
  void aPeerGoesOnWithItsPieceInOrderAndAnotherStartsAnother() {
    var rig = Rig.leecher(3, 64 * Block.SIZE);
    List<Block> first = rig.joinSeed(A, Fast.NO);
    int piece = first.getFirst().piece();
    assertThat(rig.joinSeed(B, Fast.NO)).noneMatch(block -> block.piece() == piece);
    var more = new ArrayList<Block>();
    first.forEach(block -> more.addAll(requests(rig.arrive(A, block), A)));
    assertThat(more.subList(0, 4))
        .containsExactly(
            rig.layout.block(piece, 16),
            rig.layout.block(piece, 17),
            rig.layout.block(piece, 18),
            rig.layout.block(piece, 19));
  }

  @Test
  void theRarestPieceComesFirst() {
    var rig = Rig.leecher(5);
    rig.join(new peerage.peers.Link(7), Fast.NO);
    rig.receive(new peerage.peers.Link(7), new Message.Bitfield(Rig.set(5, 0, 1, 3, 4).toWire()));
    assertThat(rig.joinSeed(A, Fast.NO).getFirst().piece()).isEqualTo(2);
  }

  @Test
  void aPieceThatWasBegunIsFinishedFirstByWhoeverHasIt() {
    var rig = Rig.leecher(100);
    Block begun = rig.joinSeed(A, Fast.NO).getFirst();
    rig.arrive(A, begun);
    rig.handle(new Input.PeerLeft(A));
    assertThat(rig.joinSeed(B, Fast.NO).subList(0, 3))
        .containsExactly(
            rig.layout.block(begun.piece(), 1),
            rig.layout.block(begun.piece(), 2),
            rig.layout.block(begun.piece(), 3));
  }

  @Test
  void idlePeersHelpWhenNothingElseIsLeft() {
    var rig = Rig.leecher(1, 64 * Block.SIZE);
    assertThat(rig.joinSeed(A, Fast.NO)).hasSize(16);
    List<Block> helped = rig.joinSeed(B, Fast.NO);
    assertThat(helped).hasSize(16);
    assertThat(helped.getFirst()).isEqualTo(rig.layout.block(0, 16));
  }

  @Test
  void theWindowGrowsWhileBlocksComeSoonAndRequestsGoOutInBatches() {
    var rig = Rig.leecher(10_000);
    var queue = new ArrayDeque<>(rig.joinSeed(A, Fast.YES));
    int batches = 0;
    int blocks = 0;
    while (blocks < 2000) {
      rig.now = rig.now.plusNanos(50_000);
      List<Block> more = requests(rig.arrive(A, queue.remove()), A);
      queue.addAll(more);
      batches += more.isEmpty() ? 0 : 1;
      blocks++;
      assertThat(queue).hasSizeBetween(11, Window.DEFAULT_LIMIT);
    }
    assertThat(queue.size()).isGreaterThan(180);
    assertThat(batches).isLessThan(100);
  }

  @Test
  void theWindowKeepsToTheQueueThatThePeerAnnounced() {
    var rig = Rig.leecher(1000);
    rig.join(A, Fast.NO);
    rig.handle(new Input.RequestQueue(A, 5));
    rig.receive(A, new Message.Bitfield(PieceSet.full(1000).toWire()));
    assertThat(requests(rig.receive(A, new Message.Unchoke()), A)).hasSize(5);
  }

  @Test
  void aLinkThatIsSlowHasFewRequestsOut() {
    var rig = Rig.leecher(1000);
    var queue = new ArrayDeque<>(rig.joinSeed(A, Fast.YES));
    for (int i = 0; i < 60; i++) {
      rig.pass(Duration.ofMillis(500)); // two blocks a second
      queue.addAll(requests(rig.arrive(A, queue.remove()), A));
    }
    assertThat(queue).hasSizeBetween(3, 6); // 2 to 3 seconds' worth
    assertThat(rig.snapshot(A).downloadRate()).isBetween(30_000L, 40_000L);
  }

  @Test
  void aPieceIsCheckedWhenItsLastBlockIsThere() {
    var rig = Rig.leecher(1);
    rig.joinSeed(A, Fast.NO);
    for (int i = 0; i < 3; i++) {
      assertThat(rig.arrive(A, rig.layout.block(0, i))).isEmpty();
    }
    assertThat(rig.arrive(A, rig.layout.block(0, 3))).containsExactly(new Output.Check(0));
    assertThat(rig.good(0))
        .containsExactly(
            new Output.Send(A, new Message.NotInterested()),
            new Output.PieceDone(0),
            new Output.Finished());
    assertThat(rig.transfer.isDone()).isTrue();
    assertThat(rig.transfer.remainingBytes()).isZero();
    assertThat(rig.transfer.have().isFull()).isTrue();
  }

  @Test
  void onlyThoseWhoLackAPieceAreToldThatWeHaveIt() {
    var rig = Rig.leecher(2);
    rig.joinSeed(A, Fast.NO);
    rig.join(B, Fast.NO);
    rig.deliver(A, 0);
    List<Output> outputs = rig.good(0);
    assertThat(sent(outputs, A)).isEmpty();
    assertThat(sent(outputs, B)).containsExactly(new Message.Have(0));
    assertThat(rig.good(0)).isEmpty();
  }

  @Test
  void aChokeVoidsOurRequestsUnlessThePeerIsFast() {
    var rig = Rig.leecher(1);
    rig.joinSeed(A, Fast.NO);
    assertThat(rig.receive(A, new Message.Choke())).containsExactly(new Output.ForgetRequests(A));
    assertThat(rig.snapshot(A).outstanding()).isZero();
    assertThat(rig.joinSeed(B, Fast.YES)).hasSize(4);
    assertThat(rig.receive(B, new Message.Choke())).isEmpty();
    assertThat(rig.snapshot(B).outstanding()).isEqualTo(4);
  }

  @Test
  void aFastPeerIsClosedForABlockThatWasNotRequested() {
    var rig = Rig.leecher(100);
    Block asked = rig.joinSeed(A, Fast.YES).getFirst();
    assertThat(closed(rig.arrive(A, asked))).isEmpty();
    assertThat(closed(rig.arrive(A, asked))).containsExactly(A);
  }

  @Test
  void anotherPeersUnrequestedBlockIsCounted() {
    var rig = Rig.leecher(100);
    Block asked = rig.joinSeed(A, Fast.NO).getFirst();
    rig.receive(A, new Message.Choke());
    assertThat(rig.arrive(A, asked))
        .containsExactly(new Output.Counted(A, "a block that was not requested"));
  }

  @Test
  void aBlockOfAnotherLengthThanRequestedIsNoAnswer() {
    var rig = Rig.leecher(100);
    Block asked = rig.joinSeed(A, Fast.YES).getFirst();
    var shorter = new Block(asked.piece(), asked.begin(), asked.length() - 1);
    assertThat(closed(rig.arrive(A, shorter))).containsExactly(A);
  }

  @Test
  void whatOnePeerRejectsAnotherIsAskedFor() {
    var rig = Rig.leecher(1);
    List<Block> asked = rig.joinSeed(A, Fast.YES);
    rig.join(B, Fast.YES);
    rig.receive(B, new Message.HaveAll());
    rig.receive(A, new Message.Reject(asked.get(1)));
    assertThat(requests(rig.receive(B, new Message.Unchoke()), B)).contains(asked.get(1));
  }

  @Test
  void aRejectedBlockIsAskedForAgainAfterTenSecondsOrAnUnchoke() {
    var rig = Rig.leecher(1);
    Block asked = rig.joinSeed(A, Fast.YES).getFirst();
    assertThat(requests(rig.receive(A, new Message.Reject(asked)), A)).isEmpty();
    assertThat(requests(rig.pass(Duration.ofMillis(9_900)), A)).isEmpty();
    assertThat(requests(rig.pass(Duration.ofMillis(200)), A)).containsExactly(asked);
    assertThat(requests(rig.receive(A, new Message.Reject(asked)), A)).isEmpty();
    rig.receive(A, new Message.Choke());
    assertThat(requests(rig.receive(A, new Message.Unchoke()), A)).containsExactly(asked);
  }

  @Test
  void whoRejectsEverythingIsAskedALittleAndThenLeftAlone() {
    var rig = Rig.leecher(1000);
    var queue = new ArrayDeque<>(rig.joinSeed(A, Fast.YES));
    int rejected = 0;
    for (int second = 0; second < 10; second++) {
      queue.addAll(requests(rig.pass(Duration.ofMillis(990)), A));
      while (!queue.isEmpty()) {
        rejected++;
        queue.addAll(requests(rig.receive(A, new Message.Reject(queue.remove())), A));
      }
    }
    assertThat(rejected).isBetween(16, 40);
  }

  @Test
  void aRejectOfNothingIsCounted() {
    var rig = Rig.leecher(1);
    rig.joinSeed(A, Fast.YES);
    assertThat(counted(rig.receive(A, new Message.Reject(new Block(0, 7, 9)))))
        .containsExactly("a reject of nothing");
  }

  @Test
  void whoOwesBlocksFor30SecondsIsSnubbed() {
    var rig = Rig.leecher(4);
    List<Block> asked = rig.joinSeed(A, Fast.YES);
    assertThat(sent(rig.pass(Duration.ofMillis(29_900)), A)).isEmpty();
    List<Message> sent = sent(rig.pass(Duration.ofMillis(200)), A);
    assertThat(sent)
        .containsAll(asked.stream().map(block -> (Message) new Message.Cancel(block)).toList());
    assertThat(rig.snapshot(A).states()).contains(LinkSnapshot.State.SNUBBED);
    assertThat(rig.joinSeed(B, Fast.YES)).hasSize(16);
  }

  @Test
  void aBlockThatWasCancelledMayComeOrBeRejectedOnce() {
    var rig = Rig.leecher(4);
    List<Block> asked = rig.joinSeed(A, Fast.YES);
    rig.pass(Duration.ofSeconds(31));
    assertThat(closed(rig.arrive(A, asked.get(0)))).isEmpty();
    assertThat(counted(rig.receive(A, new Message.Reject(asked.get(1))))).isEmpty();
    assertThat(closed(rig.arrive(A, asked.get(1)))).containsExactly(A);
  }

  @Test
  void aSnubbedPeerIsAskedForOneBlockUntilItDelivers() {
    var rig = Rig.leecher(1000);
    rig.joinSeed(A, Fast.NO);
    List<Block> probe = requests(rig.pass(Duration.ofSeconds(31)), A);
    assertThat(probe).hasSize(1);
    List<Block> more = requests(rig.arrive(A, probe.getFirst()), A);
    assertThat(more).hasSize(2);
    assertThat(rig.snapshot(A).states()).doesNotContain(LinkSnapshot.State.SNUBBED);
  }

  @Test
  void inTheEndGameTheLastBlocksAreAskedTwiceAndTheLoserIsCancelled() {
    var rig = Rig.leecher(1);
    List<Block> asked = rig.joinSeed(A, Fast.NO);
    assertThat(rig.joinSeed(B, Fast.NO)).isEqualTo(asked);
    assertThat(rig.joinSeed(Rig.C, Fast.NO)).isEmpty();
    assertThat(sent(rig.arrive(B, asked.getFirst()), A))
        .containsExactly(new Message.Cancel(asked.getFirst()));
  }

  @Test
  void idlePeersAreWokenWhenTheEndGameBegins() {
    var rig = Rig.leecher(5);
    List<Block> asked = rig.joinSeed(A, Fast.NO); // four pieces of the five
    assertThat(rig.joinPeer(B, asked.getLast().piece())).isEmpty();
    var outputs = new ArrayList<Output>();
    for (int i = 0; i < 4; i++) {
      outputs.addAll(rig.arrive(A, asked.get(i)));
    }
    assertThat(requests(outputs, A)).hasSize(4); // the fifth
    outputs.addAll(rig.pass(Duration.ofSeconds(1)));
    assertThat(requests(outputs, B)).isEqualTo(asked.subList(12, 16));
  }

  @Test
  void aSeedThatLeftIsCountedNoMore() {
    var rig = Rig.leecher(5);
    List<Block> asked = rig.joinSeed(A, Fast.NO);
    rig.arrive(A, asked.stream().filter(block -> block.piece() != 0).findFirst().orElseThrow());
    rig.handle(new Input.PeerLeft(A));
    rig.joinPeer(B, 0);
    assertThat(rig.joinPeer(Rig.C, 0)).hasSize(4); // the end game of what can be had
  }

  @Test
  void whoLosesInTheEndGameGetsOtherWorkAtOnce() {
    var rig = Rig.leecher(4);
    rig.joinSeed(A, Fast.NO);
    List<Block> lost = rig.joinSeed(B, Fast.NO);
    var outputs = new ArrayList<Output>();
    lost.forEach(block -> outputs.addAll(rig.arrive(A, block)));
    assertThat(requests(outputs, B)).hasSize(4).doesNotContainAnyElementsOf(lost);
  }

  @Test
  void anIdlePeerGetsButFewBlocksInTheEndGame() {
    var rig = Rig.leecher(4);
    assertThat(rig.joinSeed(A, Fast.NO)).hasSize(16);
    assertThat(rig.joinSeed(B, Fast.NO)).hasSize(Picker.END_GAME_WINDOW);
  }

  @Test
  void thereIsNoEndGameWhileAnythingIsLeftToAskFor() {
    var rig = Rig.leecher(5); // 20 blocks, 16 of them asked for
    rig.joinSeed(A, Fast.NO);
    assertThat(rig.joinSeed(B, Fast.NO)).hasSize(4);
  }

  @Test
  void aPieceThatNobodyHasDoesNotKeepTheEndGameOff() {
    var rig = Rig.leecher(5);
    rig.joinPeer(A, 0);
    assertThat(rig.joinPeer(B, 0)).hasSize(4);
  }

  @Test
  void whatIsNotWantedAnyLongerIsCancelled() {
    var rig = Rig.leecher(2);
    List<Block> asked = rig.joinSeed(A, Fast.NO);
    List<Output> outputs = rig.handle(new Input.Want(Rig.set(2, 1)));
    assertThat(sent(outputs, A)).hasSize(4).allMatch(Message.Cancel.class::isInstance);
    assertThat(rig.transfer.remainingBytes()).isEqualTo(Rig.PIECE);
    assertThat(asked).hasSize(8);
    assertThat(rig.handle(new Input.Want(new PieceSet(2)))).contains(new Output.Finished());
    assertThat(requests(rig.handle(new Input.Want(Rig.set(2, 0))), A)).isEmpty(); // too soon
    assertThat(requests(rig.pass(Duration.ofSeconds(1)), A)).hasSize(4);
  }

  @Test
  void whatIsUnwantedIsNotAskedFor() {
    var layout = new PieceLayout(Rig.PIECE, 3L * Rig.PIECE);
    var rig = new Rig(layout, new PieceSet(3), TransferOptions.DEFAULTS);
    rig.handle(new Input.Want(Rig.set(3, 2)));
    assertThat(rig.joinSeed(A, Fast.YES)).hasSize(4).allMatch(block -> block.piece() == 2);
  }

  @Test
  void theTorrentsLastBlockIsShort() {
    var layout = new PieceLayout(Rig.PIECE, Rig.PIECE + Block.SIZE + 5);
    var rig = new Rig(layout, Rig.set(2, 0), TransferOptions.DEFAULTS);
    assertThat(rig.joinSeed(A, Fast.YES))
        .containsExactly(new Block(1, 0, Block.SIZE), new Block(1, Block.SIZE, 5));
  }

  @Test
  void aMillionPiecesAreNoBurden() {
    var rig = Rig.leecher(1_000_000, Block.SIZE);
    rig.joinPeer(B, 17, 999_999);
    var queue = new ArrayDeque<>(rig.joinSeed(A, Fast.YES));
    var done = new ArrayList<Integer>();
    for (int i = 0; i < 20_000; i++) {
      rig.now = rig.now.plusNanos(50_000);
      Block block = queue.remove();
      queue.addAll(requests(rig.arrive(A, block), A));
      queue.addAll(requests(rig.good(block.piece()), A));
      done.add(block.piece());
    }
    assertThat(done).doesNotHaveDuplicates();
    assertThat(rig.transfer.have().count()).isEqualTo(20_000);
  }
}
