package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// Streams whose names we do not know when they are opened, and streams that nobody should open.
final class UnknownStreamsTest {
  private static final String OPEN_A = "00 01 61";

  @Test
  void whatComesBeforeANameIsKnownIsKeptForIt() {
    MuxSide side = new MuxSide().receives(OPEN_A + "02 02 6162" + "02 02 63");
    assertThat(side.takeEvents()).containsExactly("opened a");
    assertThat(side.registers("a").takeEvents()).containsExactly("a: ab", "a: c…");
    assertThat(side.receives("64" + "02 01 65").takeEvents()).containsExactly("a: d", "a: e");
  }

  @Test
  void itsEndIsKeptToo() {
    MuxSide side = new MuxSide().receives(OPEN_A + "02 01 78" + "04 00");
    assertThat(side.takeRepliesHex()).isEqualTo("0300");
    side.takeEvents();
    assertThat(side.registers("a").takeEvents()).containsExactly("a: x", "ended a");
    assertThat(side.ends("a").mux.knows("a")).isFalse();
  }

  @Test
  void itIsKeptForFiveSecondsAndThenDropped() {
    MuxSide side = new MuxSide().receives(OPEN_A + "02 01 78");
    assertThat(side.mux.nextDeadline()).contains(MuxSide.START.plusSeconds(5));
    side.now = MuxSide.START.plusSeconds(5);
    side.mux.tick(side.now.minusNanos(1));
    assertThat(side.mux.nextDeadline()).isPresent();
    side.mux.tick(side.now);
    assertThat(side.mux.nextDeadline()).isEmpty();
    side.takeEvents();
    assertThat(side.registers("a").receives("02 01 79").takeEvents()).isEmpty();
    assertThat(side.receives("04 00").takeRepliesHex()).isEqualTo("0300");
  }

  @Test
  void moreThanSixtyFourKilobytesOfItBreakTheConnection() {
    MuxSide side = new MuxSide().receives(OPEN_A + "02 8080 04");
    side.receives(ByteBuffer.allocate(60_000));
    assertThat(side.takeEvents()).containsExactly("opened a");
    side.receives(ByteBuffer.allocate(6_000));
    assertThat(side.takeEvents())
        .containsExactly("broken: too much on streams that nobody asked for");
    assertThat(side.receives("02 01 78").takeEvents()).isEmpty();
  }

  @Test
  void tinyPiecesOfItCostMoreThanTheirBytes() {
    MuxSide side = new MuxSide().receives(OPEN_A);
    for (int i = 0; i < 2_000; i++) {
      side.receives("02 01 78");
    }
    assertThat(side.takeEvents()).last().asString().startsWith("broken");
  }

  @Test
  void endlessNamesThatEndAtOnceBreakTheConnectionToo() {
    MuxSide side = new MuxSide();
    for (int i = 0; i < 2_000; i++) {
      side.receives("00 02 %02x%02x".formatted(0x20 + i / 64, 0x20 + i % 64) + "04 00");
    }
    assertThat(side.takeEvents()).last().asString().startsWith("broken");
  }

  @Test
  void whatIsTakenMakesRoom() {
    MuxSide side = new MuxSide();
    for (int i = 0; i < 10; i++) {
      side.receives(OPEN_A + "02 80e0 03").receives(ByteBuffer.allocate(61_440));
      side.registers("a").receives("04 00").ends("a");
      assertThat(side.takeEvents()).hasSize(3);
    }
  }

  @Test
  void aNameThatIsOpenedTwiceIsTheFirstOfBoth() {
    MuxSide side = new MuxSide().knowing("a").receives(OPEN_A + "08 01 61" + "02 01 78");
    assertThat(side.receives("0a 01 79").takeEvents())
        .containsExactly("opened a", "opened a", "a: x");
  }

  @Test
  void aChannelThatIsOpenedTwiceIsAnotherFromThenOn() {
    MuxSide side = new MuxSide().knowing("a", "b").receives(OPEN_A + "00 01 62" + "02 01 78");
    assertThat(side.takeEvents()).containsExactly("opened a", "ended a", "opened b", "b: x");
  }

  @Test
  void frameOfUnknownChannelsAndOfTypesThatNobodySendsMeanNothing() {
    MuxSide side = new MuxSide().knowing("a").receives(OPEN_A).writes("a", "x");
    side.takeEvents();
    side.takeWritten();
    side.receives("52 01 78" + "54 00" + "56 00" + "55 00" + "53 00"); // channel 10
    side.receives("07 02 7879" + "57 00"); // type 7
    side.receives("01 01 78" + "03 00"); // data and end backwards on our own channel
    assertThat(side.takeEvents()).isEmpty();
    assertThat(side.takeRepliesHex()).isEmpty();
    assertThat(side.receives("02 01 79").takeEvents()).containsExactly("a: y");
    assertThat(side.writes("a", "z").takeWrittenHex()).isEqualTo("02017a");
  }

  @Test
  void namesThatAreWordsOfALanguageAreNamesLikeOthers() {
    MuxSide side = new MuxSide().receives("00 0b 636f6e7374727563746f72" + "02 01 78");
    assertThat(side.takeEvents()).containsExactly("opened constructor");
    assertThat(side.registers("constructor").takeEvents()).containsExactly("constructor: x");
  }

  @Test
  void sixtyFourStreamsAtATimeAreTakenAndNoMore() {
    MuxSide side = new MuxSide();
    for (int i = 0; i < 65; i++) {
      side.knowing(Integer.toString(i));
      side.receives("%s 00".formatted(head(i)));
    }
    assertThat(side.takeEvents())
        .hasSize(65)
        .last()
        .isEqualTo("broken: too many streams at a time");
  }

  @Test
  void anyNumberOfStreamsMayFollowOneAnother() {
    MuxSide side = new MuxSide();
    for (int i = 0; i < 1_000; i++) {
      side.knowing("x").receives("%s 01 78 %s 00".formatted(head(i), end(i))).ends("x");
    }
    assertThat(side.takeEvents()).hasSize(2_000).last().isEqualTo("ended x");
  }

  private static String head(int channel) {
    return hex(channel << 3);
  }

  private static String end(int channel) {
    return hex((channel << 3) + 4);
  }

  /// A varint below 2^14.
  private static String hex(int head) {
    return head < 128 ? "%02x".formatted(head) : "%02x%02x".formatted(head % 128 + 128, head / 128);
  }
}
