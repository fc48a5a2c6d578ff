package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AlarmTest {
  private final AtomicInteger rung = new AtomicInteger();

  @Test
  void itRingsWhenItsTimeHasCome() throws InterruptedException {
    var done = new CountDownLatch(1);
    try (var alarm = new Alarm()) {
      alarm.after(Duration.ofMillis(1), done::countDown);
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void oneThatIsClosedBeforeDoesNotRing() {
    try (var alarm = new Alarm()) {
      alarm.after(Duration.ofHours(1), rung::incrementAndGet).close();
    }
    assertThat(rung).hasValue(0);
  }

  @Test
  void afterTheEndNothingMayWaitAnyMore() {
    var alarm = new Alarm();
    alarm.close();
    alarm.after(Duration.ofHours(1), rung::incrementAndGet).close();

    assertThat(rung).hasValue(1);
  }
}
