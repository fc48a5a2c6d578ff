package peerage.announce;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.announce.AnnounceResponse.Retry;
import peerage.announce.Announcer.Input;
import peerage.testkit.Transcript;

final class AnnouncerTranscriptTest {
  private AnnouncerDriver it = AnnouncerDriver.over("a", 0);

  @ParameterizedTest
  @ValueSource(strings = {"two-tiers", "total-failure"})
  void theMachineKeepsToItsScript(String name) {
    Transcript.play("transcripts/" + name + ".txt", line -> timed(play(line.split(" "))));
  }

  private List<String> play(String... words) {
    return switch (words[0]) {
      case "tiers" -> {
        it = AnnouncerDriver.over(words[1] + " " + words[2], 0);
        yield List.of();
      }
      case "start" -> it.start(1000);
      case "answer" ->
          words.length == 3
              ? it.answer(words[1], words[2])
              : it.answer(words[1], words[2], words[3]);
      case "fail" -> it.fail(words[1]);
      case "refuse" ->
          it.refuse(words[1], words.length == 2 ? new Retry.Unsaid() : new Retry.Never());
      case "peers" -> it.say(new Input.PeersWanted());
      case "completed" -> it.say(new Input.Completed());
      case "stop" -> it.say(new Input.Stopped());
      case "deadline" -> it.atDeadline();
      case "after" -> it.after(words[1]).tick();
      default -> throw new IllegalArgumentException("no such input: " + words[0]);
    };
  }

  /// Every output with the time, and after each input the time of the next deadline.
  private List<String> timed(List<String> outputs) {
    String next = it.untilDeadline().map(wait -> "next in " + wait.toSeconds() + " s").orElse("");
    return Stream.concat(outputs.stream(), Stream.of(next).filter(text -> !text.isEmpty()))
        .map(line -> it.time() + " " + line)
        .toList();
  }
}
