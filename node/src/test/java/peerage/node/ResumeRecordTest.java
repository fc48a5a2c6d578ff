package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.bencode.MalformedMessage;
import peerage.node.ResumeRecord.Alive;
import peerage.node.ResumeRecord.Header;
import peerage.node.ResumeRecord.Piece;
import peerage.node.ResumeRecord.Snapshot;
import peerage.node.ResumeRecord.Snapshot.Kind;
import peerage.peers.InfoHash;
import peerage.pieces.PieceSet;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class ResumeRecordTest {
  private static final int PIECES = 19;
  private static final int FILES = 3;

  static final List<ResumeRecord> ALL =
      List.of(
          new Header(InfoHash.of(new byte[20]), PIECES, FILES, "/d/é", "boot"),
          new Snapshot(Kind.OPEN, 5, set(1, 2), set(3), marks()),
          new Snapshot(Kind.CHECKPOINT, 6, set(0), set(), FileMarks.NONE),
          new Snapshot(Kind.CLEAN, -7, set(18), set(17), marks()),
          new Piece(18, Long.MAX_VALUE),
          new Alive(8));

  static PieceSet set(int... pieces) {
    var set = new PieceSet(PIECES);
    for (int piece : pieces) {
      set.add(piece);
    }
    return set;
  }

  private static FileMarks marks() {
    ByteBuffer packed = ByteBuffer.allocate(FileMarks.bytes(FILES));
    packed.put((byte) 3).putLong(1000).putLong(2000);
    packed.put((byte) 2).putLong(0).putLong(0);
    return FileMarks.readFrom(packed.clear(), FILES);
  }

  @Test
  void everyRecordComesBack() throws MalformedMessage {
    for (ResumeRecord record : ALL) {
      ByteBuffer body = body(record);
      assertThat(decode(body))
          .usingRecursiveComparison()
          .withEqualsForType(PieceSet::equals, PieceSet.class)
          .isEqualTo(record);
    }
  }

  @Test
  void theMarksOfFilesComeBack() {
    FileMarks marks = marks();
    assertThat(marks.isSelected(0)).isTrue();
    assertThat(marks.state(0)).isEqualTo(new FileState(true, 1000, 2000));
    assertThat(marks.isSelected(1)).isTrue();
    assertThat(marks.state(1)).isEqualTo(FileState.MISSING);
    assertThat(marks.isSelected(2)).isFalse();
  }

  @Test
  void aFrameIsWhatItWasInVersion1() {
    ByteBuffer frame = new Piece(18, 0x0102030405060708L).toFrame();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("0000000d" + "bf1609fe" + "03" + "00000012" + "0102030405060708");
  }

  @Test
  void noFrameIsLongerThanTheLongest() {
    int max = ResumeRecord.maxFrame(PIECES, FILES);
    for (ResumeRecord record : ALL) {
      assertThat(record.toFrame().remaining()).isLessThanOrEqualTo(max);
    }
  }

  @Test
  void aRecordOfAWrongLengthIsRefused() {
    for (ResumeRecord record : ALL) {
      ByteBuffer body = body(record);
      for (int length = 0; length < body.limit(); length++) {
        ByteBuffer cut = body.duplicate().limit(length);
        assertThatThrownBy(() -> decode(cut)).isInstanceOf(MalformedMessage.class);
      }
      ByteBuffer longer = ByteBuffer.allocate(body.limit() + 1).put(body).clear();
      assertThatThrownBy(() -> decode(longer)).isInstanceOf(MalformedMessage.class);
    }
  }

  @Test
  void aPieceThatIsNotThereIsRefused() {
    for (int piece : new int[] {-1, PIECES, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> decode(body(new Piece(piece, 0))))
          .isInstanceOf(MalformedMessage.class);
    }
  }

  @Seeds(100)
  void hostileBytesAreARecordOrMalformed(long seed) {
    List<byte[]> samples = ALL.stream().map(record -> body(record).array()).toList();
    Hostile.mutations(SmallTorrent.random(seed), samples, 100)
        .forEach(
            bytes -> {
              try {
                decode(ByteBuffer.wrap(bytes));
              } catch (MalformedMessage _) {
                // that is how to say so
              }
            });
  }

  private static ResumeRecord decode(ByteBuffer body) throws MalformedMessage {
    return ResumeRecord.decode(body, PIECES, FILES);
  }

  /// The body alone, in an array of its own.
  static ByteBuffer body(ResumeRecord record) {
    ByteBuffer frame = record.toFrame().position(ResumeRecord.FRAME_HEAD);
    return ByteBuffer.allocate(frame.remaining()).put(frame).clear();
  }
}
