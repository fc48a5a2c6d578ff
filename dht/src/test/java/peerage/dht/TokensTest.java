package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.bencode.Bencoded;
import peerage.peers.IpAddress;

final class TokensTest {
  private static final IpAddress ASKER = IpAddress.ofV4(0x01020304);
  private static final NodeId PLACE = NodeId.parse("ab".repeat(20));

  private final Tokens tokens = new Tokens(new SplittableRandom(1));
  private final Instant start = Instant.EPOCH;
  private final Bencoded.Bytes token = tokens.issue(ASKER, PLACE, start);

  @Test
  void aTokenIsGoodForWhoAskedAtThePlaceThatWasAskedAbout() {
    assertThat(tokens.accepts(token, ASKER, PLACE, start)).isTrue();
    assertThat(tokens.accepts(token, IpAddress.ofV4(0x01020305), PLACE, start)).isFalse();
    assertThat(tokens.accepts(token, ASKER, PLACE.flipped(159), start)).isFalse();
    assertThat(tokens.accepts(Bencoded.Bytes.of(""), ASKER, PLACE, start)).isFalse();
  }

  @Test
  void aTokenIsGoodForFiveMinutesAndForTenAtMost() {
    Instant later = start.plus(Duration.ofMinutes(4));
    Bencoded.Bytes late = tokens.issue(ASKER, PLACE, later);
    assertThat(tokens.accepts(late, ASKER, PLACE, later.plus(Duration.ofMinutes(5)))).isTrue();
    assertThat(tokens.accepts(token, ASKER, PLACE, start.plusSeconds(599))).isTrue();
    assertThat(tokens.accepts(token, ASKER, PLACE, start.plusSeconds(600))).isFalse();
  }

  @Test
  void afterALongSilenceNoOldTokenIsGood() {
    assertThat(tokens.accepts(token, ASKER, PLACE, start.plus(Duration.ofHours(3)))).isFalse();
  }

  @Test
  void anotherNodeGivesOtherTokens() {
    var other = new Tokens(new SplittableRandom(2));
    assertThat(other.accepts(token, ASKER, PLACE, start)).isFalse();
  }
}
