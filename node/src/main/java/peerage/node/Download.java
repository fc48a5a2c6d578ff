package peerage.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A torrent that is being downloaded, or seeded. It goes on seeding when it is done, until it is
/// closed.
public final class Download extends Membership {
  Download(TorrentLoop loop) {
    super(loop);
  }

  /// Waits until everything wanted is here and verified.
  ///
  /// @return where it is: the file, or the folder of the files
  /// @throws DownloadException if it cannot go on, or is closed meanwhile
  /// @throws InterruptedException if interrupted; the download goes on
  public Path await() throws DownloadException, InterruptedException {
    try {
      return done().get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /// Waits as [#await()], but not longer than `limit`.
  ///
  /// @throws DownloadException if it cannot go on, or is closed meanwhile
  /// @throws TimeoutException if it is not done by then; the download goes on
  /// @throws InterruptedException if interrupted; the download goes on
  public Path await(Duration limit)
      throws DownloadException, TimeoutException, InterruptedException {
    try {
      return done().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static DownloadException failure(ExecutionException e) {
    return e.getCause() instanceof DownloadException cause
        ? cause
        : new DownloadException(DownloadException.Reason.OTHER, String.valueOf(e.getCause()));
  }

  /// Completes when everything wanted is here, with where it is; exceptionally with a
  /// [DownloadException].
  public CompletableFuture<Path> done() {
    return loop.subject().done().copy();
  }
}
