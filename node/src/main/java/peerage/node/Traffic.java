package peerage.node;

import java.util.concurrent.atomic.LongAdder;

/// Bytes of content that came and went.
final class Traffic {
  private final LongAdder downloaded = new LongAdder();
  private final LongAdder uploaded = new LongAdder();
  private final LongAdder wasted = new LongAdder();

  void downloaded(int bytes) {
    downloaded.add(bytes);
  }

  void uploaded(int bytes) {
    uploaded.add(bytes);
  }

  /// Content that we did not ask for, or no longer wanted.
  void wasted(int bytes) {
    wasted.add(bytes);
  }

  long downloaded() {
    return downloaded.sum();
  }

  long uploaded() {
    return uploaded.sum();
  }

  long wasted() {
    return wasted.sum();
  }
}
