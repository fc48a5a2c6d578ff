package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.pieces.Rig.A;
import static peerage.pieces.Rig.B;
import static peerage.pieces.Rig.closed;
import static peerage.pieces.Rig.counted;
import static peerage.pieces.Rig.sent;
import static peerage.pieces.Rig.served;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.pieces.Transfer.Fast;
import peerage.pieces.Transfer.Input;
import peerage.pieces.Transfer.Output;
import peerage.wire.AllowedFast;
import peerage.wire.Block;
import peerage.wire.Message;

/// How the requests of others are answered: each by exactly one block or reject.
final class ServingTest {
  private static final Block FIRST = new Block(0, 0, Block.SIZE);

  private final Rig seed = Rig.seed(200, 1);

  private List<Output> request(Block block) {
    return seed.receive(A, new Message.Request(block));
  }

  @Test
  void anUnchokedPeerIsServed() {
    seed.joinInterested(A, Fast.NO);
    assertThat(request(FIRST)).containsExactly(new Output.Serve(A, FIRST));
  }

  @Test
  void aBlockOfAnyLengthWithinThePieceIsServedUpTo128KiB() {
    var big = new Rig(new PieceLayout(1 << 20, 1 << 20), PieceSet.full(1), new TransferOptions(1));
    big.joinInterested(A, Fast.NO);
    var longest = new Block(0, 12_345, Block.MAX_SIZE);
    assertThat(served(big.receive(A, new Message.Request(longest)))).containsExactly(longest);
    var tooLong = new Block(0, 12_345, Block.MAX_SIZE + 1);
    assertThat(closed(big.receive(A, new Message.Request(tooLong)))).containsExactly(A);
  }

  @Test
  void aRequestOutsideOfTheTorrentCloses() {
    for (Block block :
        List.of(
            new Block(200, 0, 1),
            new Block(-1, 0, 1),
            new Block(0, Rig.PIECE, 1),
            new Block(0, -1, 2),
            new Block(0, 0, 0),
            new Block(0, 0, -1),
            new Block(0, Rig.PIECE - 1, 2),
            new Block(0, Integer.MAX_VALUE, Integer.MAX_VALUE))) {
      var rig = Rig.seed(200, 1);
      rig.joinInterested(A, Fast.YES);
      assertThat(closed(rig.receive(A, new Message.Request(block)))).as("%s", block).hasSize(1);
    }
  }

  @Test
  void aChokedFastPeerIsRejectedAndAnotherIgnored() {
    seed.joinInterested(B, Fast.NO); // takes the only slot
    seed.joinInterested(A, Fast.YES);
    Block notAllowedFast = new Block(notGranted(), 0, Block.SIZE);
    assertThat(request(notAllowedFast))
        .containsExactly(new Output.Send(A, new Message.Reject(notAllowedFast)));
    seed.handle(new Input.PeerLeft(A));
    seed.joinInterested(A, Fast.NO);
    assertThat(request(FIRST)).isEmpty();
  }

  private int notGranted() {
    for (int piece = 0; ; piece++) {
      if (!granted().contains(piece)) {
        return piece;
      }
    }
  }

  private List<Integer> granted() {
    return AllowedFast.set(InfoHash.of(new byte[20]), IpAddress.ofV4(0x01020301), 200, 10);
  }

  @Test
  void aChokedFastPeerGetsItsAllowedPiecesButNotAgainAndAgain() {
    seed.joinInterested(B, Fast.NO);
    seed.joinInterested(A, Fast.YES);
    var outputs = new ArrayList<Output>();
    for (int i = 0; i < 100; i++) {
      Block block = seed.layout.block(granted().getFirst(), i % 4);
      List<Output> now = request(block);
      served(now).forEach(b -> seed.handle(new Input.Served(A, b)));
      outputs.addAll(now);
    }
    assertThat(served(outputs)).hasSize(10 * 4); // ten pieces' worth
    assertThat(sent(outputs, A)).hasSize(60).allMatch(Message.Reject.class::isInstance);
  }

  @Test
  void aPieceThatWeLackIsRejected() {
    var rig = Rig.with(3, 1);
    rig.joinInterested(A, Fast.YES);
    assertThat(sent(rig.receive(A, new Message.Request(FIRST)), A))
        .containsExactly(new Message.Reject(FIRST));
  }

  @Test
  void aRepeatedRequestIsAnsweredOnce() {
    seed.joinInterested(A, Fast.YES);
    request(FIRST);
    assertThat(counted(request(FIRST))).containsExactly("a request repeated");
  }

  @Test
  void oneMebibyteIsHandedOutAtATime() {
    seed.joinInterested(A, Fast.YES);
    var handedOut = new ArrayList<Block>();
    for (int i = 0; i < 100; i++) {
      handedOut.addAll(served(request(seed.layout.block(i, 0))));
    }
    assertThat(handedOut).hasSize(64);
    assertThat(served(seed.handle(new Input.Served(A, seed.layout.block(3, 0)))))
        .containsExactly(seed.layout.block(64, 0));
    assertThat(seed.handle(new Input.Served(A, seed.layout.block(3, 0)))).isEmpty();
  }

  @Test
  void moreThan500WaitingRequestsAreRejected() {
    seed.joinInterested(A, Fast.YES);
    var rejected = new ArrayList<Message>();
    for (int i = 0; i < 64 + 500 + 7; i++) {
      rejected.addAll(sent(request(seed.layout.block(i / 4, i % 4)), A));
    }
    assertThat(rejected).hasSize(7).allMatch(Message.Reject.class::isInstance);
  }

  @Test
  void aCancelledRequestThatWaitsIsRejectedAndOneHandedOutIsServed() {
    seed.joinInterested(A, Fast.YES);
    for (int i = 0; i < 65; i++) {
      request(seed.layout.block(i, 0));
    }
    assertThat(seed.receive(A, new Message.Cancel(seed.layout.block(0, 0)))).isEmpty();
    Block waiting = seed.layout.block(64, 0);
    assertThat(sent(seed.receive(A, new Message.Cancel(waiting)), A))
        .containsExactly(new Message.Reject(waiting));
    assertThat(seed.receive(A, new Message.Cancel(waiting))).isEmpty();
  }

  @Test
  void aChokeRejectsWhatWaitsButForTheAllowedPieces() {
    seed.joinInterested(A, Fast.YES);
    for (int i = 0; i < 64; i++) {
      request(seed.layout.block(i, 0));
    }
    Block allowed = seed.layout.block(granted().getFirst(), 3);
    Block waiting = seed.layout.block(notGranted(), 3);
    request(allowed);
    request(waiting);
    seed.receive(A, new Message.NotInterested());
    List<Message> sent = sent(seed.joinInterested(B, Fast.NO), A); // takes the slot over
    assertThat(sent).containsExactly(new Message.Choke(), new Message.Reject(waiting));
  }

  @Test
  void aChokeDropsWhatWaitsOfAPeerWithoutTheFastExtension() {
    seed.joinInterested(A, Fast.NO);
    for (int i = 0; i < 70; i++) {
      request(seed.layout.block(i, 0));
    }
    seed.receive(A, new Message.NotInterested());
    assertThat(sent(seed.joinInterested(B, Fast.NO), A)).containsExactly(new Message.Choke());
    assertThat(seed.handle(new Input.Served(A, FIRST))).isEmpty();
  }

  @Test
  void aBlockThatCannotBeReadIsRejectedAndItsPieceNotServedAgain() {
    seed.joinInterested(A, Fast.YES);
    for (int i = 0; i < 64; i++) {
      request(seed.layout.block(i, 0));
    }
    Block waiting = seed.layout.block(0, 1);
    request(waiting);
    assertThat(sent(seed.handle(new Input.PieceLost(0)), A))
        .contains(new Message.Reject(waiting))
        .doesNotContain(new Message.Reject(FIRST));
    assertThat(sent(seed.handle(new Input.ServeFailed(A, FIRST)), A))
        .containsExactly(new Message.Reject(FIRST));
    assertThat(sent(request(FIRST), A)).containsExactly(new Message.Reject(FIRST));
    assertThat(seed.transfer.isDone()).isFalse();
    assertThat(seed.transfer.remainingBytes()).isEqualTo(Rig.PIECE);
  }

  @Test
  void theUploadRateIsWhatLeft() {
    seed.joinInterested(A, Fast.NO);
    request(FIRST);
    seed.now = seed.now.plus(Duration.ofSeconds(1));
    seed.handle(new Input.Served(A, FIRST));
    assertThat(seed.snapshot(A).uploadRate()).isEqualTo(Block.SIZE);
  }
}
