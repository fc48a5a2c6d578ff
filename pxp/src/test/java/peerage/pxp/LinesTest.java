package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.bencode.MalformedMessage;

final class LinesTest {
  private final Lines lines = new Lines();

  @Test
  void linesMayBeSplitAndJoinedInAnyWay() throws MalformedMessage {
    String text = "[1]\n[\"é😀\"]\n\n";
    assertThat(lines.feed(bytes(text))).containsExactly("[1]", "[\"é😀\"]");
    List<String> found = new ArrayList<>();
    for (byte each : text.getBytes(UTF_8)) {
      found.addAll(lines.feed(ByteBuffer.wrap(new byte[] {each})));
    }
    assertThat(found).containsExactly("[1]", "[\"é😀\"]");
  }

  @Test
  void aCarriageReturnMayPrecedeTheEndAndBlankLinesMeanNothing() throws MalformedMessage {
    assertThat(lines.feed(bytes("a\r\n\r\n \n\n\r\nb\rc\n"))).containsExactly("a", "b\rc");
  }

  @Test
  void aLineHasALongestLengthWithItsEnd() throws MalformedMessage {
    String longest = "x".repeat(PxpLimits.LINE_BYTES_MAX - 1);
    assertThat(lines.feed(bytes(longest + "\n"))).containsExactly(longest);
    assertThat(lines.feed(bytes(longest + "x"))).isEmpty();
    assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> lines.feed(bytes("\n")));
  }

  @Test
  void aLineThatIsNoUtf8IsMalformed() {
    for (byte[] wrong :
        List.of(
            new byte[] {(byte) 0xff, '\n'},
            new byte[] {(byte) 0xc3, '\n'},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, '\n'},
            new byte[] {(byte) 0xc0, (byte) 0xaf, '\n'})) {
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> new Lines().feed(ByteBuffer.wrap(wrong)));
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
