package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static peerage.pxp.Backlog.Advice.GIVE_UP;
import static peerage.pxp.Backlog.Advice.HOLD;
import static peerage.pxp.Backlog.Advice.KEEP_READING;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.testkit.Seeds;

final class BacklogTest {
  private static final Instant START = Instant.EPOCH;
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  private final Backlog backlog = new Backlog();

  @Test
  void aReaderAtWorkThatIsSlowMakesTheConnectionWait() {
    backlog.added(1, START);
    backlog.read(1, START);
    assertThat(backlog.added(MIB, START)).isEqualTo(KEEP_READING);
    assertThat(backlog.added(1, START)).isEqualTo(HOLD);
  }

  @Test
  void theWaitEndsAtTheLowMarkAndNotBefore() {
    backlog.read(0, START);
    backlog.added(MIB + 1, START);
    assertThat(backlog.read(MIB / 2, START)).isEqualTo(HOLD);
    assertThat(backlog.read(MIB / 4, START)).isEqualTo(HOLD);
    assertThat(backlog.read(1, START)).isEqualTo(KEEP_READING);
    assertThat(backlog.waiting()).isEqualTo(256 * KIB);
    assertThat(backlog.added(MIB / 2, START)).isEqualTo(KEEP_READING);
  }

  @Test
  void aStreamThatWasNeverReadIsKeptToTheLimitAndThenGivenUp() {
    for (int i = 0; i < 4; i++) {
      assertThat(backlog.added(MIB, START)).isEqualTo(KEEP_READING);
    }
    assertThat(backlog.nextDeadline()).isEmpty();
    assertThat(backlog.added(1, START)).isEqualTo(GIVE_UP);
  }

  @Test
  void whoBeginsToReadInTimeIsWaitedFor() {
    backlog.added(3 * MIB, START);
    assertThat(backlog.read(1, START.plusSeconds(60))).isEqualTo(HOLD);
  }

  @Test
  void aReaderThatPausesLetsTheConnectionGoOn() {
    backlog.read(0, START);
    backlog.added(2 * MIB, START);
    assertThat(backlog.nextDeadline()).contains(START.plusSeconds(5));
    assertThat(backlog.at(START.plusSeconds(5).minusNanos(1))).isEqualTo(HOLD);
    assertThat(backlog.at(START.plusSeconds(5))).isEqualTo(KEEP_READING);
    assertThat(backlog.nextDeadline()).isEmpty();
    assertThat(backlog.added(MIB, START.plusSeconds(6))).isEqualTo(KEEP_READING);
    assertThat(backlog.read(KIB, START.plusSeconds(7))).isEqualTo(HOLD);
  }

  @Test
  void whoWaitedForBytesIsAReaderWhenTheyCome() {
    backlog.awaited(START);
    Instant later = START.plusSeconds(3600);
    assertThat(backlog.added(MIB + 1, later)).isEqualTo(HOLD);
    assertThat(backlog.nextDeadline()).contains(later.plusSeconds(5));
    assertThat(backlog.at(later.plusSeconds(5))).isEqualTo(KEEP_READING);
  }

  @Test
  void whatIsGivenUpStaysGivenUp() {
    backlog.added(5 * MIB, START);
    assertThat(backlog.read(5 * MIB, START)).isEqualTo(GIVE_UP);
    assertThat(backlog.awaited(START)).isEqualTo(GIVE_UP);
    assertThat(backlog.nextDeadline()).isEmpty();
  }

  @Test
  void thePauseIsTheDriversChoice() {
    Backlog patient = new Backlog(Duration.ofHours(1));
    patient.read(0, START);
    patient.added(2 * MIB, START);
    assertThat(patient.at(START.plusSeconds(3599))).isEqualTo(HOLD);
    assertThatIllegalArgumentException().isThrownBy(() -> new Backlog(Duration.ZERO));
  }

  @Seeds(50)
  void whoObeysIsNeverGivenUpWhileReadingAndNeverHoldsForEver(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Instant now = START;
    Backlog.Advice advice = backlog.awaited(now);
    for (int i = 0; i < 2_000; i++) {
      now = now.plusMillis(random.nextInt(100));
      if (advice == KEEP_READING && random.nextInt(4) > 0) {
        advice = backlog.added(1 + random.nextInt(64 * KIB), now);
      } else if (backlog.waiting() > 0) {
        advice = backlog.read((int) Math.min(backlog.waiting(), random.nextInt(64 * KIB)), now);
      }
      assertThat(advice).isNotEqualTo(GIVE_UP);
      assertThat(backlog.waiting()).isLessThanOrEqualTo(MIB + 64 * KIB);
      assertThat(backlog.nextDeadline().isPresent()).isEqualTo(advice == HOLD);
    }
  }
}
