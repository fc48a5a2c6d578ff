package peerage.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.bencode.MalformedMessage;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// `peerage decode` as its users see it.
final class DecodeTest {
  private static final byte[] MESSAGE =
      "d5:added6:\t\t\t\u0007\u001a\u00e17:added.f1:\u0012e".getBytes(ISO_8859_1);

  @TempDir Path home;
  private final Recorded shell = new Recorded();

  @Test
  void aMessageIsSaidInWords() throws IOException {
    assertThat(decode(MESSAGE)).as(shell.err()).isEqualTo(ExitCode.OK);
    assertThat(shell.lines())
        .containsExactly(
            "message 1: ut_pex, 29 bytes", "  added    9.9.9.7:6881           seed, reachable");
  }

  @Test
  void aBrokenRuleIsNamedWithItsSectionAndInTheExitCode() throws IOException {
    assertThat(decode("de".getBytes(ISO_8859_1))).isEqualTo(ExitCode.RULES_BROKEN);
    assertThat(shell.out()).contains("  BREAKS  an empty message", "BEP 11, Protocol Extension");
  }

  @Test
  void hexadecimalIsReadInEveryUsualForm() throws IOException, MalformedMessage {
    String hex = HexFormat.of().formatHex(MESSAGE);
    String framed = "0000001f1403" + hex;
    String spaced = HexFormat.ofDelimiter(" ").withUpperCase().formatHex(MESSAGE);
    String xxd =
        """
        00000000: 6435 3a61 6464 6564 363a 0909 0907 1ae1  d5:added6:......
        00000010: 373a 6164 6465 642e 6631 3a12 65         7:added.f1:.e
        """;
    String dump =
        """
        00000000  64 35 3a 61 64 64 65 64  36 3a 09 09 09 07 1a e1  |d5:added6:......|
        00000010  37 3a 61 64 64 65 64 2e  66 31 3a 12 65           |7:added.f1:.e|
        0000001d
        """;
    String text = "# none\n0x" + hex + "  # one\n" + spaced + "\r\n\n" + framed + "\n" + xxd + dump;
    List<byte[]> messages = new ArrayList<>();
    HexText.read(new BufferedReader(new StringReader(text)), (_, payload) -> messages.add(payload));
    assertThat(messages).hasSize(5).allSatisfy(each -> assertThat(each).isEqualTo(MESSAGE));
  }

  @Test
  void aLineThatIsNoHexadecimalIsNamed() throws IOException {
    assertThat(decode("64 65\nhello\n".getBytes(ISO_8859_1))).isEqualTo(ExitCode.UNREADABLE);
    assertThat(shell.err()).contains("line 2 is no hexadecimal").hasLineCount(1);
  }

  @Test
  void whatCannotBeDecodedIsRefusedInOneSentence() throws IOException {
    assertThat(decode(new byte[0])).isEqualTo(ExitCode.UNREADABLE);
    assertThat(decode(new byte[] {0x1F, (byte) 0x8B, 8, 0})).isEqualTo(ExitCode.UNREADABLE);
    assertThat(decode("# nothing\n".getBytes(ISO_8859_1))).isEqualTo(ExitCode.UNREADABLE);
    assertThat(shell.run("decode", home.resolve("none"))).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(shell.run("decode", home)).isEqualTo(ExitCode.UNKNOWN);
    assertThat(shell.err().lines())
        .hasSize(5)
        .allSatisfy(line -> assertThat(line).startsWith("peerage: "));
    assertThat(shell.err()).contains("unpack it first");
  }

  @Test
  void aCaptureEndsWithASummaryOfEachDirection() throws IOException {
    var wire = new CaptureMaker().greet();
    wire.say(CaptureMaker.DIALLER, CaptureMaker.extended(5, CaptureMaker.adding(1, 2)));
    assertThat(decode(wire.pcap())).isEqualTo(ExitCode.OK);
    assertThat(shell.out())
        .contains(
            "2026-01-02 03:04:05.130  10.0.0.1:40000 → 10.0.0.2:6881  ut_pex, ",
            "10.0.0.1:40000 → 10.0.0.2:6881  Dialler 1.0 → Dialled 2.0  torrent 0000",
            "  1 message of 37 bytes, 2 added, 0 dropped, no rule broken",
            "1 PEX message in 1 BitTorrent connection, 7 packets; times are UTC");
  }

  @Test
  void jsonIsOneDocumentAlsoWhenTheCaptureBreaksOff() throws IOException {
    var wire = new CaptureMaker().greet();
    wire.say(CaptureMaker.DIALLER, CaptureMaker.extended(5, CaptureMaker.adding(1)));
    byte[] whole = wire.pcap();
    assertThat(decode(whole, "--json")).isEqualTo(ExitCode.OK);
    assertThat(EventWordsTest.names(shell.out()))
        .contains("messages", "directions", "connections", "packets");
    var second = new Recorded();
    byte[] broken = java.util.Arrays.copyOf(whole, whole.length + 16);
    broken[whole.length + 11] = 0x7F; // a packet of 2 GB
    Path file = Files.write(home.resolve("broken"), broken);
    assertThat(second.run("decode", "--json", file)).isEqualTo(ExitCode.UNREADABLE);
    assertThat(EventWordsTest.names(second.out())).contains("messages", "directions");
    assertThat(second.err()).contains("a packet of ").hasLineCount(1);
  }

  @Seeds(10)
  void hostileTextIsReadOrRefused(long seed) {
    var random = new SplittableRandom(seed);
    byte[] sample = HexFormat.ofDelimiter(" ").formatHex(MESSAGE).getBytes(ISO_8859_1);
    byte[] dump = "00000000: 6435 3a61  d5:a\n00000004  64 65  |de|\n".getBytes(ISO_8859_1);
    Hostile.mutations(random, List.of(sample, dump), 200)
        .forEach(
            bytes -> {
              var lines = new BufferedReader(new StringReader(new String(bytes, ISO_8859_1)));
              try {
                HexText.read(lines, (_, payload) -> assertThat(payload).isNotNull());
              } catch (MalformedMessage e) {
                assertThat(e.getMessage()).startsWith("line ");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  private ExitCode decode(byte[] content, String... options) throws IOException {
    Path file = Files.write(home.resolve("input"), content);
    List<Object> line = new ArrayList<>(List.of("decode", file));
    line.addAll(List.of(options));
    return shell.run(line.toArray());
  }
}
