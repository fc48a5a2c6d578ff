package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Streams as JavaScript nodes use them: shared names, a half for each side.
final class MuxTest {
  private static final String OPEN_A = "00 01 61"; // channel 0, named "a"

  @Test
  void whatTheConnectingSideSendsIsUnderstood() {
    MuxSide side = new MuxSide().knowing("pxp", "data:somenet");
    side.receives(Capture.of("connecting").buffer());
    assertThat(side.takeEvents())
        .containsExactly(
            "opened pxp",
            "pxp: [\"hello\",\"0\",[1,{\"pxp\":true,\"relay\":true,\"webrtc\":true},[\"somenet\"]]]\n",
            "pxp: [\"connect\",\"1\",\"somenet\"]\n",
            "opened data:somenet",
            "data:somenet: hi from connector");
  }

  @Test
  void whatTheConnectingSideSendsIsWrittenByteForByte() {
    MuxSide side = new MuxSide().knowing("pxp", "data:somenet");
    side.writes(
            "pxp",
            "[\"hello\",\"0\",[1,{\"pxp\":true,\"relay\":true,\"webrtc\":true},[\"somenet\"]]]\n")
        .writes("pxp", "[\"connect\",\"1\",\"somenet\"]\n")
        .writes("data:somenet", "hi from connector");
    assertThat(side.takeWritten()).isEqualTo(Capture.of("connecting").frames());
  }

  @Test
  void aStreamIsOpenedWithItsFirstByteAndNotBefore() {
    MuxSide side = new MuxSide().knowing("a");
    assertThat(side.takeWrittenHex()).isEmpty();
    assertThat(side.writes("a", "x").takeWrittenHex()).isEqualTo("000161" + "020178");
    assertThat(side.writes("a", "y").takeWrittenHex()).isEqualTo("020179");
  }

  @Test
  void eachSideWritesOnAChannelOfItsOwn() {
    MuxSide side = new MuxSide().knowing("a").receives("38 01 61" + "3a 01 78");
    assertThat(side.takeEvents()).containsExactly("opened a", "a: x");
    assertThat(side.writes("a", "y").takeWrittenHex()).isEqualTo("000161" + "020179");
  }

  @Test
  void anyNumberOfAChannelIsTaken() {
    // 2^28 - 1, the highest whose head has 31 bits
    MuxSide side = new MuxSide().knowing("a").receives("f8ffffff07 01 61" + "faffffff07 01 78");
    assertThat(side.takeEvents()).containsExactly("opened a", "a: x");
    assertThat(side.receives("fcffffff07 00").takeRepliesHex()).isEqualTo("fbffffff0700");
  }

  @Test
  void anEmptyNameIsTheChannelsNumber() {
    assertThat(new MuxSide().knowing("9").receives("48 00" + "4a 01 78").takeEvents())
        .containsExactly("opened 9", "9: x");
  }

  @Test
  void oneWriteIsOneFrameWithOneHeadAndTheBytesUncopied() {
    MuxSide side = new MuxSide().knowing("a");
    byte[] bytes = new byte[300_000];
    List<ByteBuffer> out = new ArrayList<>();
    side.mux.write("a", ByteBuffer.wrap(bytes), out);
    assertThat(out).hasSize(2);
    assertThat(HexFormat.of().formatHex(array(out.getFirst()))).isEqualTo("000161" + "02e0a712");
    assertThat(out.getLast().array()).isSameAs(bytes);
    assertThat(out.getLast().remaining()).isEqualTo(bytes.length);
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @Test
  void aWriteOfNothingIsNotSentAndAnEmptyFrameIsNoEvent() {
    MuxSide side = new MuxSide().knowing("a").writes("a", "");
    assertThat(side.takeWrittenHex()).isEmpty();
    assertThat(side.receives(OPEN_A + "02 00").takeEvents()).containsExactly("opened a");
  }

  @Test
  void aWriteThatNoFrameTakesIsOurBug() {
    Mux mux = new MuxSide().knowing("a").mux;
    ByteBuffer tooLong = ByteBuffer.allocate(PxpLimits.FRAME_BYTES_MAX + 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> mux.write("a", tooLong, new ArrayList<>()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> mux.register("é".repeat(129), new ArrayList<>()));
  }

  @Test
  void theLongestFrameComesInThePiecesThatArriveWithoutACopy() {
    MuxSide side = new MuxSide().knowing("a").receives(OPEN_A + "02 808040");
    side.takeEvents();
    int read = 64 * 1024;
    for (int i = 0; i < 16; i++) {
      ByteBuffer input = ByteBuffer.allocate(read);
      side.receives(input);
      Mux.Event.Data data = (Mux.Event.Data) side.events.getFirst();
      assertThat(side.events).hasSize(1);
      assertThat(data.bytes().array()).isSameAs(input.array());
      assertThat(data.bytes().remaining()).isEqualTo(read);
      assertThat(data.part()).isEqualTo(i == 15 ? Exchange.Part.LAST : Exchange.Part.MORE);
      side.events.clear();
    }
    assertThat(side.receives("02 01 78").takeEvents()).containsExactly("a: x");
  }

  @Test
  void writesKeepTheirBordersHoweverTheyArrive() {
    String hex = OPEN_A + "02 03 616263" + "02 02 6465";
    assertThat(new MuxSide().knowing("a").receives(hex).takeEvents())
        .containsExactly("opened a", "a: abc", "a: de");
    MuxSide slow = new MuxSide().knowing("a");
    for (byte each : HexFormat.of().parseHex(hex.replace(" ", ""))) {
      slow.receives(ByteBuffer.wrap(new byte[] {each}));
    }
    assertThat(slow.takeEvents())
        .containsExactly("opened a", "a: a…", "a: b…", "a: c", "a: d…", "a: e");
  }

  @Test
  void anEndIsAnsweredAndLeavesOurHalfOpen() {
    MuxSide side = new MuxSide().knowing("a").receives(OPEN_A + "04 00");
    assertThat(side.takeEvents()).containsExactly("opened a", "ended a");
    assertThat(side.takeRepliesHex()).isEqualTo("0300");
    assertThat(side.takeRepliesHex()).isEmpty();
    assertThat(side.writes("a", "x").takeWrittenHex()).isEqualTo("000161" + "020178");
  }

  @Test
  void ourEndIsSentOnceAndOpensWhatWasNeverOpened() {
    MuxSide side = new MuxSide().knowing("a", "b");
    assertThat(side.ends("a").takeWrittenHex()).isEqualTo("000161" + "0400");
    assertThat(side.ends("a").writes("a", "x").takeWrittenHex()).isEmpty();
    assertThat(side.writes("b", "x").ends("b").takeWrittenHex())
        .isEqualTo("080162" + "0a0178" + "0c00");
  }

  @Test
  void aNumberIsUsedAgainOnlyWhenItsEndWasAnswered() {
    MuxSide side = new MuxSide().knowing("a", "b", "c").ends("a").ends("b");
    side.receives("03 00"); // the answer to the end of channel 0
    side.takeWritten();
    assertThat(side.writes("c", "x").takeWrittenHex()).isEqualTo("000163" + "020178");
    side.knowing("d");
    assertThat(side.writes("d", "x").takeWrittenHex()).startsWith("100164"); // channel 2
  }

  @Test
  void aDestroyOfEitherHalfEndsTheStreamOnceAndNothingElse() {
    MuxSide side = new MuxSide().knowing("a", "b").receives(OPEN_A + "08 01 62");
    side.writes("a", "x").takeEvents();
    side.takeWritten();
    // as a JavaScript node closes a relay: end, destroy ours, destroy its own, with a reason
    side.receives("04 00" + "05 00" + "06 03 627965" + "0a 01 79");
    assertThat(side.takeEvents()).containsExactly("ended a", "b: y");
    assertThat(side.writes("a", "late").ends("a").takeWrittenHex()).isEmpty();
    assertThat(side.mux.knows("a")).isFalse();
  }

  @Test
  void aDestroyOfTheirHalfLeavesOursToBeEnded() {
    MuxSide side = new MuxSide().knowing("a").receives(OPEN_A + "06 00");
    assertThat(side.takeEvents()).containsExactly("opened a", "ended a");
    assertThat(side.ends("a").takeWrittenHex()).isEqualTo("000161" + "0400");
  }

  @Test
  void aDestroyOfOurHalfEndsTheirsAndWhatStillComesIsDropped() {
    MuxSide side = new MuxSide().knowing("a").receives(OPEN_A).writes("a", "x");
    side.takeEvents();
    assertThat(side.receives("05 00" + "02 01 79").takeEvents()).containsExactly("ended a");
    assertThat(side.receives("04 00").takeEvents()).isEmpty();
    assertThat(side.takeRepliesHex()).isEqualTo("0300");
  }

  @Test
  void aDestroyOfOurHalfBeforeTheirsIsOpenDropsWhatTheyOpenLater() {
    MuxSide side = new MuxSide().knowing("a").writes("a", "x").receives("05 00" + OPEN_A);
    assertThat(side.receives("02 01 79").takeEvents()).containsExactly("ended a");
  }

  @Test
  void weNeverDestroy() {
    MuxSide side = new MuxSide().knowing("a", "b").receives(OPEN_A).writes("a", "x");
    side.writes("b", "y").takeWritten();
    side.receives("05 00" + "06 00" + "0d 00");
    side.ends("a").ends("b");
    side.mux.forget("b");
    assertThat(side.takeWrittenHex() + side.takeRepliesHex()).isEmpty();
  }

  @Test
  void aNameMayBeUsedAgainWhenBothHalvesHaveEnded() {
    MuxSide side = new MuxSide().knowing("a").receives(OPEN_A + "04 00").ends("a");
    assertThat(side.mux.knows("a")).isFalse();
    side.takeEvents();
    side.knowing("a").receives("08 01 61" + "0a 01 78");
    assertThat(side.takeEvents()).containsExactly("opened a", "a: x");
  }

  @Test
  void aStreamThatIsForgottenEndsAndWhatStillComesIsDropped() {
    MuxSide side = new MuxSide().knowing("a").receives(OPEN_A).writes("a", "x");
    side.takeEvents();
    side.takeWritten();
    side.mux.forget("a");
    assertThat(side.takeRepliesHex()).isEqualTo("0400");
    assertThat(side.receives("02 01 79" + "04 00").takeEvents()).isEmpty();
    assertThat(side.takeRepliesHex()).isEqualTo("0300");
    assertThat(side.writes("a", "x").takeWrittenHex()).isEmpty();
  }

  @Test
  void aForgottenNameThatIsOpenedLateIsDroppedHoweverMuchComes() {
    MuxSide side = new MuxSide().knowing("a");
    side.mux.forget("a");
    side.receives(OPEN_A + "02 808040").receives(ByteBuffer.allocate(1 << 20));
    assertThat(side.takeEvents()).isEmpty();
    assertThat(side.knowing("a").receives("08 01 61").takeEvents()).containsExactly("opened a");
  }

  @Test
  void aPlainTextInMegabytesComesOutAsItWentIn() {
    MuxSide from = new MuxSide().knowing("a");
    MuxSide to = new MuxSide().knowing("a");
    String text = "0123456789".repeat(100_000);
    to.receives(ByteBuffer.wrap(from.writes("a", text).takeWritten()));
    assertThat(to.takeEvents()).containsExactly("opened a", "a: " + text);
    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSize(1_000_000);
  }
}
