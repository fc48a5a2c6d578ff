package peerage.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The bounded queue of one loop. Whoever fills it faster than the loop works waits, which holds
/// back the peer that it reads from.
final class Inbox {
  private static final int CAPACITY = 4_096;

  /// So many tasks are run before the loop looks at what else is due.
  static final int MAX_BATCH = 256;

  private final ArrayBlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(CAPACITY);
  private volatile boolean closed;

  /// Has the loop run this; waits for room.
  ///
  /// @return false if the loop has ended, and nobody will run it
  boolean post(Runnable task) {
    boolean interrupted = false;
    boolean queued = false;
    while (!closed && !queued) {
      try {
        queued = queue.offer(task, 1, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return queued && !(closed && queue.remove(task));
  }

  /// Has the loop run this if there is room, without waiting.
  ///
  /// @return false if nobody will run it
  boolean offer(Runnable task) {
    return !closed && queue.offer(task) && !(closed && queue.remove(task));
  }

  /// Has the loop answer a question, from another thread; `otherwise` if the loop has ended.
  <T> T ask(Supplier<T> question, T otherwise) {
    var answer = new CompletableFuture<T>();
    post(() -> answer.complete(question.get()));
    while (!closed) {
      try {
        return answer.get(50, TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return otherwise;
      } catch (java.util.concurrent.TimeoutException _) {
        // the loop is busy, or ended before it came to the question
      } catch (java.util.concurrent.ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    return answer.getNow(otherwise);
  }

  /// The next task, waiting for one; null when the time is up.
  @Nullable Runnable next(Duration limit) throws InterruptedException {
    Runnable task = queue.poll();
    return task != null || !limit.isPositive()
        ? task
        : queue.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// The next task if one is there.
  @Nullable Runnable next() {
    return queue.poll();
  }

  /// Runs a task and those that wait behind it, [#MAX_BATCH] at most. What is not run stays here.
  ///
  /// @param first from [#next(Duration)]
  /// @param isOver whether the loop is to end: then no other task is begun
  void run(@Nullable Runnable first, BooleanSupplier isOver) {
    Runnable task = first;
    for (int begun = 1; task != null; begun++) {
      task.run();
      task = begun < MAX_BATCH && !isOver.getAsBoolean() ? next() : null;
    }
  }

  /// Ends the queue; who waits to post goes on.
  ///
  /// @return what was posted and not run
  List<Runnable> close() {
    closed = true;
    var rest = new ArrayList<Runnable>();
    queue.drainTo(rest);
    return rest;
  }
}
