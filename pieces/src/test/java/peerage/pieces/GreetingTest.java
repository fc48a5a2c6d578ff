package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static peerage.pieces.Rig.A;
import static peerage.pieces.Rig.closed;
import static peerage.pieces.Rig.counted;
import static peerage.pieces.Rig.sent;

import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.pieces.Transfer.Fast;
import peerage.pieces.Transfer.Input;
import peerage.wire.AllowedFast;
import peerage.wire.Block;
import peerage.wire.Message;

/// What two peers say first.
final class GreetingTest {
  @Test
  void aFastPeerIsToldThatWeHaveAllSomethingOrNothing() {
    assertThat(sent(Rig.seed(3, 8).join(A, Fast.YES), A)).containsExactly(new Message.HaveAll());
    assertThat(sent(Rig.leecher(3).join(A, Fast.YES), A)).containsExactly(new Message.HaveNone());
    assertThat(sent(Rig.with(3, 1).join(A, Fast.YES), A))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Bitfield.class, field -> assertThat(field.bits()).containsExactly(0b0100_0000));
  }

  @Test
  void anotherPeerGetsABitfieldOrNothing() {
    assertThat(sent(Rig.leecher(3).join(A, Fast.NO), A)).isEmpty();
    assertThat(sent(Rig.seed(3, 8).join(A, Fast.NO), A))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Bitfield.class, field -> assertThat(field.bits()).containsExactly(0b1110_0000));
  }

  @Test
  void aFastPeerIsTold10PiecesThatItMayHaveWhileChoked() {
    var infoHash = InfoHash.of(new byte[20]);
    List<Integer> set = AllowedFast.set(infoHash, IpAddress.ofV4(0x01020301), 1000, 10);

    List<Message> sent = sent(Rig.seed(1000, 8).join(A, Fast.YES), A);

    assertThat(sent.subList(1, sent.size()))
        .containsExactlyElementsOf(
            set.stream().map(piece -> (Message) new Message.AllowedFast(piece)).toList());
  }

  @Test
  void aSmallTorrentIsNotGivenAwayToTheChoked() {
    assertThat(sent(Rig.seed(59, 8).join(A, Fast.YES), A)).hasSize(1 + 5);
    assertThat(sent(Rig.seed(9, 8).join(A, Fast.YES), A)).hasSize(1);
  }

  @Test
  void aLaterBitfieldIsCountedAndTakenForManyHaves() {
    var rig = Rig.with(4, 3);
    rig.join(A, Fast.YES);
    rig.receive(A, new Message.HaveNone());
    rig.receive(A, new Message.Have(0));

    var outputs = rig.receive(A, new Message.Bitfield(Rig.set(4, 1, 2).toWire()));

    assertThat(closed(outputs)).isEmpty();
    assertThat(counted(outputs)).containsExactly("a bitfield that was not its first message");
    assertThat(rig.transfer.links(rig.now).getFirst().pieces()).isEqualTo(Rig.set(4, 0, 1, 2));
    assertThat(rig.transfer.isSeed(A)).isFalse();
    rig.receive(A, new Message.HaveAll());
    assertThat(rig.transfer.isSeed(A)).isTrue();
  }

  @Test
  void whatAPeerHasItKeepsWhateverItSaysLater() {
    for (Message later : List.of(new Message.HaveNone(), new Message.Bitfield(new byte[1]))) {
      var rig = Rig.leecher(3);
      rig.join(A, Fast.YES);
      rig.receive(A, new Message.HaveAll());
      rig.receive(A, later);
      assertThat(rig.transfer.links(rig.now).getFirst().pieces()).isEqualTo(PieceSet.full(3));
    }
  }

  @Test
  void whatSaysNothingOfThePiecesMayComeBeforeTheBitfield() {
    var rig = Rig.leecher(3);
    rig.join(A, Fast.YES);
    rig.receive(A, new Message.KeepAlive());
    rig.receive(A, new Message.Port(6881));
    rig.receive(A, new Message.Unknown(77, 3));
    assertThat(rig.receive(A, new Message.HaveNone())).isEmpty();
  }

  @Test
  void aFastPeerWithoutABitfieldIsCountedAndKept() {
    var rig = Rig.leecher(3);
    rig.join(A, Fast.YES);
    assertThat(counted(rig.receive(A, new Message.Unchoke()))).containsExactly("no bitfield first");
    assertThat(rig.transfer.links(rig.now)).hasSize(1);
  }

  @Test
  void aBitfieldOfTheWrongLengthOrWithASpareBitCloses() {
    for (byte[] bits : List.of(new byte[2], new byte[0], new byte[] {0b0001_0000})) {
      var rig = Rig.leecher(3);
      rig.join(A, Fast.NO);
      assertThat(closed(rig.receive(A, new Message.Bitfield(bits)))).containsExactly(A);
    }
  }

  @Test
  void theMessagesOfTheFastExtensionNeedTheFastExtension() {
    for (Message message :
        List.of(
            new Message.HaveAll(),
            new Message.HaveNone(),
            new Message.Suggest(0),
            new Message.AllowedFast(0),
            new Message.Reject(new Block(0, 0, Block.SIZE)))) {
      var rig = Rig.leecher(3);
      rig.join(A, Fast.NO);
      assertThat(closed(rig.receive(A, message))).containsExactly(A);
    }
  }

  @Test
  void aPieceThatIsNotThereCloses() {
    for (Message message :
        List.of(
            new Message.Have(3),
            new Message.Have(-1),
            new Message.Suggest(3),
            new Message.AllowedFast(Integer.MAX_VALUE))) {
      var rig = Rig.leecher(3);
      rig.join(A, Fast.YES);
      rig.receive(A, new Message.HaveNone());
      assertThat(closed(rig.receive(A, message))).containsExactly(A);
    }
  }

  @Test
  void whatComesOnALinkThatIsClosedIsIgnored() {
    var rig = Rig.leecher(3);
    rig.join(A, Fast.YES);
    rig.receive(A, new Message.Have(3));
    assertThat(rig.receive(A, new Message.Have(3))).isEmpty();
    assertThat(rig.handle(new Input.PeerLeft(A))).isEmpty();
    assertThat(rig.transfer.links(rig.now)).isEmpty();
  }

  @Test
  void aDriverThatBreaksItsSideIsTold() {
    var rig = Rig.leecher(3);
    rig.join(A, Fast.YES);
    assertThatThrownBy(() -> rig.join(A, Fast.YES)).hasMessageContaining("joined twice");
    assertThatThrownBy(() -> rig.good(3)).hasMessageContaining("piece 3 of 3");
    assertThatThrownBy(() -> rig.handle(new Input.Want(new PieceSet(4))))
        .hasMessageContaining("4 pieces for 3");
    assertThatThrownBy(() -> rig.receive(A, new Message.Extended(0, new byte[0])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
