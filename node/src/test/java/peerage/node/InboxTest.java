package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class InboxTest {
  private final Inbox inbox = new Inbox();
  private int run;

  @Test
  void noTaskIsLostBetweenTwoBatches() throws InterruptedException {
    post(2 * Inbox.MAX_BATCH + 1);
    turn();
    assertThat(run).isEqualTo(Inbox.MAX_BATCH);
    turn();
    turn();

    assertThat(run).isEqualTo(2 * Inbox.MAX_BATCH + 1);
  }

  @Test
  void whatIsNotBegunWhenTheLoopIsToEndStaysToBeRefused() throws InterruptedException {
    post(10);
    inbox.run(inbox.next(Duration.ZERO), () -> run == 3);

    assertThat(run).isEqualTo(3);
    assertThat(inbox.close()).hasSize(7);
  }

  private void post(int count) {
    for (int i = 0; i < count; i++) {
      inbox.post(() -> run++);
    }
  }

  private void turn() throws InterruptedException {
    inbox.run(inbox.next(Duration.ZERO), () -> false);
  }
}
