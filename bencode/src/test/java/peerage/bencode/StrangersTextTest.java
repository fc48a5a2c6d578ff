package peerage.bencode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StrangersTextTest {
  @Test
  void lettersOfAllScriptsStay() {
    assertThat(StrangersText.printable("Ubuntu Žluťoučký 漢字 שלום 👨‍👩‍👧", 100))
        .isEqualTo("Ubuntu Žluťoučký 漢字 שלום 👨‍👩‍👧");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\u2028", "\u2029"})
  void aLineBreakBecomesASpace(String lineBreak) {
    assertThat(StrangersText.printable("a" + lineBreak + "b", 100)).isEqualTo("a b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001B", "\b", "\u0000", "\u007F", "\u009B", "\uD800"})
  void whatMovesTheCursorIsReplaced(String control) {
    assertThat(StrangersText.printable("a" + control + "b", 100)).isEqualTo("a?b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u202A", "\u202E", "\u2066", "\u2069"})
  void whatTurnsTheDirectionOfWritingIsReplaced(String control) {
    assertThat(StrangersText.printable("a" + control + "b", 100)).isEqualTo("a?b");
  }

  @Test
  void longTextIsCutBetweenCharacters() {
    assertThat(StrangersText.printable("👍👍👍", 2)).isEqualTo("👍👍");
  }
}
