package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the cells of the table are made of. Needs no namespaces.
final class TellingTest {
  private static final Host HOST = new Host("a namespace", "10.91.0.7", "fd91:5eed::7");

  @Test
  void timesAreThoseFromTheHandshakesAndBetweenMessages() {
    Telling telling = telling(message(1_300, "", ""), message(61_400, "", ""));
    assertThat(telling.first()).contains(Duration.ofMillis(300));
    assertThat(telling.spacings()).containsExactly(Duration.ofMillis(60_100));
    assertThat(telling().first()).isEmpty();
  }

  @Test
  void aDropMatchesIfItNamesWhatWasAdded() {
    String listening = "\"10.91.0.7:6881\"";
    String ephemeral = "\"10.91.0.7:40000\"";
    String neighbour = "\"10.91.0.70:6881\"";
    assertThat(dropAfter(listening, listening)).isEqualTo("yes");
    assertThat(dropAfter(ephemeral, ephemeral)).isEqualTo("yes");
    assertThat(dropAfter(listening, ephemeral)).isEqualTo("another port");
    assertThat(dropAfter(listening, neighbour)).isEqualTo("none");
    assertThat(dropAfter(listening, "")).isEqualTo("none");
    assertThat(dropAfter("", listening)).isEqualTo("none");
  }

  @Test
  void aNameIsThePortWhereThePeerListensOrThatOfItsConnection() {
    assertThat(telling(message(1, "\"10.91.0.7:6881\"", "")).nameOf(HOST))
        .isEqualTo("listening port");
    assertThat(telling(message(1, "\"10.91.0.7:40000\"", "")).nameOf(HOST))
        .isEqualTo("port of the connection");
    assertThat(telling(message(1, "\"10.91.0.70:6881\"", "")).nameOf(HOST)).isEqualTo("none");
  }

  @Test
  void secondsAreOneValueOrTheLeastAndTheGreatest() {
    assertThat(Telling.seconds(Stream.of())).isEqualTo("none");
    assertThat(Telling.seconds(Stream.of(Duration.ofMillis(89_940)))).isEqualTo("89.9 s");
    assertThat(Telling.seconds(Stream.of(Duration.ofSeconds(71), Duration.ofSeconds(60))))
        .isEqualTo("60.0 to 71.0 s");
  }

  private static String dropAfter(String added, String dropped) {
    return telling(message(1, added, ""), message(2, "", dropped)).dropOf(HOST);
  }

  private static Telling telling(JsonLine... messages) {
    return new Telling(1_000, List.of(messages));
  }

  private static JsonLine message(long at, String added, String dropped) {
    return JsonLine.parse(
        "{\"at\":%d,\"added\":[%s],\"dropped\":[%s]}".formatted(at, added, dropped));
  }
}
