package peerage.node;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The bounded queue of one loop. Whoever fills it faster than the loop works waits, which holds
// back
/// the peer that it reads from.
final class Inbox {
  private static final int CAPACITY = 4_096;

  private final ArrayBlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(CAPACITY);
  private volatile boolean closed;

  /// Has the loop run this; dropped if the loop has ended.
  void post(Runnable task) {
    boolean interrupted = false;
    while (!closed) {
      try {
        if (queue.offer(task, 1, TimeUnit.SECONDS)) {
          break;
        }
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
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

  /// Ends the queue; who waits to post goes on.
  void close() {
    closed = true;
    queue.clear();
  }
}
