package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import peerage.bencode.MalformedMessage;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// Lines that no node sends.
final class HostileMessagesTest {
  @Seeds(10)
  void mutationsOfCapturedLinesAreReadOrRefusedAndWhatIsReadCanBePassedOn(long seed)
      throws MalformedMessage {
    List<byte[]> samples = new ArrayList<>();
    for (Capture capture : Capture.all()) {
      for (String line : CapturedMessagesTest.lines(capture.buffer())) {
        samples.add((line + "\n").getBytes(UTF_8));
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    Hostile.mutations(random, samples, 1_000).forEach(HostileMessagesTest::take);
  }

  private static void take(byte[] bytes) {
    try {
      for (String line : new Lines().feed(ByteBuffer.wrap(bytes))) {
        check(PxpCodec.decode(line));
      }
    } catch (MalformedMessage refused) {
      assertThat(refused.getMessage()).hasSizeLessThan(200);
    }
  }

  private static void check(PxpMessage message) throws MalformedMessage {
    if (message instanceof PxpMessage.Answer(JsonText nonce, JsonText args)) {
      assertThat(new String(PxpCodec.yes(nonce), UTF_8)).hasLineCount(1);
      if (PxpCodec.errorOf(args).isEmpty() && !args.equals(JsonText.NULL)) {
        List<Candidate> candidates = PxpCodec.candidatesOf(args);
        String line = new String(PxpCodec.candidates(nonce, candidates), UTF_8).strip();
        JsonText again = ((PxpMessage.Answer) PxpCodec.decode(line)).args();
        assertThat(PxpCodec.candidatesOf(again)).isEqualTo(candidates);
      }
    }
  }
}
