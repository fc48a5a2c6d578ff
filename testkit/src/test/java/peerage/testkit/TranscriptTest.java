package peerage.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TranscriptTest {
  private static final String LETTERS = "transcripts/letters.txt";

  @Test
  void aMachinePlaysItsScript() {
    Transcript.play(LETTERS, TranscriptTest::count);
  }

  @Test
  void aTestWritesTheSameScriptItself() {
    new Transcript()
        .note("A machine that counts letters")
        .in("one")
        .out("letters: 3")
        .in("three")
        .out("letters: 5")
        .out("that is a lot")
        .note("It ends when told to")
        .in("stop")
        .assertMatches(LETTERS);
  }

  @Test
  void anotherCourseOfEventsFails() {
    assertThatThrownBy(() -> Transcript.play(LETTERS, input -> List.of("silence after " + input)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("-Dtranscripts.rewrite=true");
  }

  private static List<String> count(String input) {
    String letters = "letters: " + input.length();
    return switch (input) {
      case "stop" -> List.of();
      case "three" -> List.of(letters, "that is a lot");
      default -> List.of(letters);
    };
  }
}
