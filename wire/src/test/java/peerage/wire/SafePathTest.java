package peerage.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static peerage.wire.Torrents.file;
import static peerage.wire.Torrents.folder;
import static peerage.wire.Torrents.parse;
import static peerage.wire.Torrents.single;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;

final class SafePathTest {
  @ParameterizedTest
  @CsvSource({
    "'', has an empty name in its path",
    "., has a name of only dots or spaces in its path",
    ".., has a name of only dots or spaces in its path",
    "..., has a name of only dots or spaces in its path",
    "' ', has a name of only dots or spaces in its path",
    "'. .', has a name of only dots or spaces in its path",
    "/, has a slash or backslash inside a name",
    "/etc, has a slash or backslash inside a name",
    "../x, has a slash or backslash inside a name",
    "a/../../b, has a slash or backslash inside a name",
    "a/, has a slash or backslash inside a name",
    "..\\x, has a slash or backslash inside a name",
    "C:\\x, has a slash or backslash inside a name",
    "'a\u0000b', has a control character in its path",
    "'a\nb', has a control character in its path",
    "'a\u001b[2Jb', has a control character in its path",
    "'a\u007f', has a control character in its path",
    "'a\u0085', has a control character in its path",
    "CON, is named like a device of Windows",
    "con, is named like a device of Windows",
    "Con.txt, is named like a device of Windows",
    "nul.tar.gz, is named like a device of Windows",
    "NUL ., is named like a device of Windows",
    "'aux ', is named like a device of Windows",
    "prn, is named like a device of Windows",
    "com1, is named like a device of Windows",
    "COM9.log, is named like a device of Windows",
    "com¹, is named like a device of Windows",
    "lpt0, is named like a device of Windows",
    "CONIN$, is named like a device of Windows",
    "conout$.x, is named like a device of Windows",
  })
  void anUnsafeNameIsRefusedAnywhereInAPath(String name, String reason) {
    for (List<String> path :
        List.of(List.of(name), List.of("top", name), List.of("top", name, "x"))) {
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> SafePath.check(path))
          .withMessageStartingWith("the torrent's file \"")
          .withMessageEndingWith("\" " + reason);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        ".hidden",
        "a.",
        "a ",
        " a",
        "..a",
        "a..b",
        "...a",
        "CONSOLE",
        "CON1",
        "COM",
        "COM10",
        "xCON",
        "a.con",
        "null",
        "LPT",
        "é",
        "日本語",
        "👩‍👩‍👧",
        "a:b",
        "a*?<>|\"",
        "%2e%2e",
        "~",
        "~root",
        "$HOME",
        "-rf",
        "\uFFFD",
        "．．",
      })
  void anyOtherNameIsTaken(String name) {
    assertThatCode(() -> SafePath.check(List.of("top", name))).doesNotThrowAnyException();
  }

  @Test
  void aNameHas255BytesAtMostInUtf8() {
    assertThatCode(() -> SafePath.check(List.of("a".repeat(255)))).doesNotThrowAnyException();
    assertThatCode(() -> SafePath.check(List.of("é".repeat(127)))).doesNotThrowAnyException();
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> SafePath.check(List.of("é".repeat(128))))
        .withMessageEndingWith("has a name of more than 255 bytes");
  }

  @Test
  void aPathHas64NamesAtMost() {
    assertThatCode(() -> SafePath.check(Collections.nCopies(64, "a"))).doesNotThrowAnyException();
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> SafePath.check(Collections.nCopies(65, "a")))
        .withMessageEndingWith("lies deeper than 64 folders");
    String[] deep = Collections.nCopies(64, "a").toArray(String[]::new);
    assertRefused(folder(file(3000, deep).build()), "one of its files lies deeper than 64 folders");
    assertThatCode(() -> parse(folder(file(3000, Arrays.copyOf(deep, 63)).build())))
        .doesNotThrowAnyException();
  }

  @Test
  void theSentenceNamesTheFileAndIsFitForATerminal() {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> SafePath.check(List.of("top", "..", "\u001b[2J")))
        .withMessage(
            "the torrent's file \"top/../?[2J\" has a name of only dots or spaces in its path");
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> SafePath.check(Collections.nCopies(65, "a".repeat(250))))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @Test
  void aTorrentsNameIsCheckedToo() {
    assertRefused(single().put("name", ".."), "has a name of only dots or spaces");
    assertRefused(single().put("name", "/etc/passwd"), "has a slash or backslash");
    assertRefused(single().put("name", ""), "has an empty name");
    assertRefused(
        folder(file(3000, "a").build()).put("name", ".."), "has a name of only dots or spaces");
  }

  @Test
  void aFilesPathIsChecked() {
    assertRefused(folder(file(3000, "..", "a").build()), "\"top/../a\" has a name of only dots");
    assertRefused(
        folder(file(3000, "a\u0000").put("attr", "p").build()), "has a control character");
    assertRefused(folder(file(1, "..").put("attr", "l").build()), "has a name of only dots");
    byte[] latin = {'.', '.', '/', (byte) 0xFF};
    Bencoded path = Bencoded.items(List.of(new Bencoded.Bytes(latin)));
    assertRefused(folder(file(3000).put("path", path).build()), "has a slash");
    Bencoded twin = Bencoded.items(List.of(Bencoded.Bytes.of("..")));
    assertRefused(
        folder(file(3000).put("path", path).put("path.utf-8", twin).build()),
        "has a name of only dots");
  }

  @Test
  void noTwoFilesHaveOnePath() {
    assertRefused(
        folder(file(1, "a", "b").build(), file(2999, "a", "b").build()),
        "the torrent's file \"top/a/b\" is listed twice");
  }

  @Test
  void noFileIsAFolderToo() {
    assertRefused(
        folder(file(1, "a").build(), file(2999, "a", "b").build()),
        "the torrent's file \"top/a/b\" lies in a folder that is also a file");
    assertRefused(
        folder(file(1, "a", "b", "c").build(), file(2999, "a", "b").build()),
        "the torrent's file \"top/a/b\" is also a folder of another file");
  }

  @Test
  void namesThatDifferByCaseAreTwo() throws MalformedMessage {
    assertThat(parse(folder(file(1, "a").build(), file(2999, "A").build())).files()).hasSize(2);
  }

  @Test
  void replacedBytesThatMakeTwoNamesOneAreRefused() {
    assertRefused(
        folder(rawNamed(0xFE).build(), rawNamed(0xFF).build()),
        "the torrent's file \"top/\uFFFD\" is listed twice");
  }

  private static Bencoded.Dict.Builder rawNamed(int b) {
    Bencoded name = new Bencoded.Bytes(new byte[] {(byte) b});
    return file(1500).put("path", Bencoded.items(List.of(name)));
  }

  private static void assertRefused(Bencoded.Dict.Builder info, String part) {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> parse(info))
        .withMessageContaining(part);
  }
}
