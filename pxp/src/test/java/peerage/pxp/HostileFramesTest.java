package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// Bytes that no multiplexer sends.
final class HostileFramesTest {
  @ParameterizedTest
  @CsvSource({
    "0281808020, a frame too long: 67108865",
    "02ffffffff0f, a frame too long: 4294967295",
    "008102, a name too long for a stream: 257",
    "8080808008, a channel number beyond any sense: 2147483648",
    "ffffffff7f, a channel number beyond any sense: 34359738367",
    "8080808080, a number without an end in a frame's head",
    "028080808080, a number without an end in a frame's head",
  })
  void aHeadBeyondTheBoundsBreaksTheConnectionBeforeAnyBody(String hex, String rule) {
    MuxSide side = new MuxSide().receives(hex);
    assertThat(side.takeEvents()).containsExactly("broken: " + rule);
    assertThat(side.receives("00 01 61").takeEvents()).isEmpty();
  }

  @Test
  void theLongestNameAndTheLongestFrameAreTaken() {
    MuxSide side = new MuxSide().receives("00 8002").receives(ByteBuffer.wrap(new byte[256]));
    side.receives("0a 80808020");
    for (int i = 0; i < 64; i++) {
      side.receives(ByteBuffer.allocate(1 << 20));
    }
    side.receives("00 01 61");
    assertThat(side.takeEvents()).hasSize(2).last().isEqualTo("opened a");
  }

  @Test
  void aNumberMayHaveMoreDigitsThanItNeeds() {
    assertThat(new MuxSide().receives("8000 8100 61").takeEvents()).containsExactly("opened a");
  }

  @Test
  void aNameThatIsNoUtf8HasReplacementsAsInJavaScript() {
    assertThat(new MuxSide().receives("00 02 ff61").takeEvents()).containsExactly("opened \uFFFDa");
  }

  @Seeds(10)
  void mutationsOfWhatWasCapturedNeitherThrowNorGrow(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> samples = Capture.all().stream().map(Capture::frames).toList();
    Hostile.mutations(random, samples, 1_000).forEach(bytes -> take(bytes, random));
  }

  private static void take(byte[] bytes, SplittableRandom random) {
    MuxSide side = new MuxSide().knowing("pxp", "data:somenet", "relay:9e177e9e");
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.hasRemaining()) {
      int length = Math.min(in.remaining(), 1 + random.nextInt(700));
      side.receives(in.slice(in.position(), length));
      in.position(in.position() + length);
      act(side, random.nextInt(30));
    }
    int most = 3 * bytes.length; // no more than one event for a byte, and an end for what is open
    assertThat(side.events).hasSizeLessThan(most + 10);
    long data =
        side.events.stream()
            .filter(Mux.Event.Data.class::isInstance)
            .mapToLong(event -> ((Mux.Event.Data) event).bytes().remaining())
            .sum();
    assertThat(data).isLessThanOrEqualTo(bytes.length);
    assertThat(broken(side.events)).isLessThanOrEqualTo(1);
  }

  private static void act(MuxSide side, int choice) {
    switch (choice) {
      case 0 -> side.mux.forget("data:somenet");
      case 1 -> side.ends("relay:9e177e9e");
      case 2 -> side.writes("pxp", "x");
      case 3 -> {
        side.now = side.now.plusSeconds(3);
        side.mux.tick(side.now);
      }
      case 4 -> side.knowing("relay:b29bbcae");
      default -> side.mux.takeReplies();
    }
  }

  private static long broken(List<Mux.Event> events) {
    List<Mux.Event> found = new ArrayList<>(events);
    found.removeIf(event -> !(event instanceof Mux.Event.Broken));
    return found.size();
  }
}
