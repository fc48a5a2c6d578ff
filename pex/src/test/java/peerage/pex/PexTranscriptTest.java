package peerage.pex;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.peers.PeerFlags;
import peerage.pex.PexSession.Input;
import peerage.pex.PexSession.Output;
import peerage.testkit.Transcript;

/// Plays the scripts of `transcripts`. The remote listens at 8.0.0.9:6881 and chose number 3.
final class PexTranscriptTest {
  @ParameterizedTest
  @ValueSource(strings = {"a-quiet-day", "churn", "off-and-on", "handshakes", "a-noisy-teller"})
  void theSessionPlaysItsScript(String name) {
    var player = new Player();
    Transcript.play("transcripts/" + name + ".txt", player::play);
  }

  private static final class Player {
    private final ContactLog live = new ContactLog();
    private final PexSession session =
        new PexSession(
            live,
            Remote.at(Contacts.ip("8.0.0.9")).alsoAt(Contacts.ip("2a01::9")),
            new SplittableRandom(1));
    private Instant now = Instant.EPOCH;

    List<String> play(String line) {
      String[] words = line.split(" ", 3);
      return switch (words[0]) {
        case "wait" -> {
          now = now.plus(Duration.parse("PT" + words[1]));
          yield handle(new Input.Tick());
        }
        case "joins" -> {
          int flags = words.length > 2 ? Integer.parseInt(words[2], 16) : 0;
          live.put(Contacts.at(words[1]), new PeerFlags(flags));
          yield handle(new Input.ContactsChanged());
        }
        case "leaves" -> {
          live.remove(Contacts.at(words[1]), Departure.OTHER);
          yield handle(new Input.ContactsChanged());
        }
        case "offers" -> handle(new Input.Offered(number(words[1])));
        case "listens" ->
            handle(new Input.Learned(session.remote().listeningAt(Contacts.at(words[1]))));
        case "flushed" -> handle(new Input.Flushed(now));
        case "receives" ->
            handle(new Input.Received(UtPexTest.bytes(line.substring("receives ".length()))));
        case "due?" -> List.of(due());
        default -> throw new IllegalArgumentException(line);
      };
    }

    private static OptionalInt number(String word) {
      return word.equals("nothing") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(word));
    }

    private String due() {
      return session
          .nextDeadline()
          .map(at -> "in " + Duration.between(now, at).toSeconds() + " s")
          .orElse("nothing to wait for");
    }

    private List<String> handle(Input input) {
      return session.handle(input, now).stream().map(Player::words).toList();
    }

    private static String words(Output output) {
      return switch (output) {
        case Output.Send(int id, PexMessage message) -> "send #" + id + words(message);
        case Output.Heard(PexMessage message) -> "heard" + words(message);
        case Output.Odd(PexOddity oddity) -> "odd: " + oddity;
        case Output.Offended(PexOffence offence, String words) -> offence + ": " + words;
      };
    }

    private static String words(PexMessage message) {
      Stream<String> added =
          message.added().sequencedEntrySet().stream()
              .map(e -> "+" + e.getKey() + "/" + Integer.toHexString(e.getValue().bits()));
      Stream<String> dropped = message.dropped().stream().map(contact -> "-" + contact);
      return Stream.concat(added, dropped).map(word -> " " + word).collect(Collectors.joining());
    }
  }
}
