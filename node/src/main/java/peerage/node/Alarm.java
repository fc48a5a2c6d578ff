package peerage.node;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Ends blocking calls that have no time limit of their own, by closing what they wait on. One
/// daemon thread a [Peerage].
final class Alarm implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  Alarm() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("peerage-alarm").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /// Runs the action after a time, unless the handle is closed before; at once if all is over, for
  /// then nothing may wait any more.
  Handle after(Duration time, Runnable action) {
    try {
      ScheduledFuture<?> future = timer.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException _) {
      action.run();
      return () -> {};
    }
  }

  /// An alarm that is set.
  interface Handle extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
