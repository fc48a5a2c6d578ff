package peerage.pex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import peerage.bencode.MalformedMessage;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class UtPexHostileTest {
  /// Whatever comes is a bounded message or no message; nothing else happens.
  @Seeds(20)
  void anyBytesAreABoundedMessageOrNone(long seed) {
    var random = new SplittableRandom(seed);
    List<byte[]> samples = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      samples.add(UtPex.encode(UtPexTest.random(random)));
    }
    Stream.concat(Hostile.mutations(random, samples, 500), Hostile.nested(10_000))
        .forEach(UtPexHostileTest::read);
  }

  private static void read(byte[] payload) {
    byte[] before = payload.clone();
    try {
      PexMessage message = UtPex.decode(payload).message();
      assertThat(message.added().size()).isLessThanOrEqualTo(2 * UtPex.MAX_CONTACTS);
      assertThat(message.dropped().size()).isLessThanOrEqualTo(2 * UtPex.MAX_CONTACTS);
      UtPex.encode(message);
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isBetween(0, payload.length);
    }
    assertThat(payload).isEqualTo(before);
  }
}
