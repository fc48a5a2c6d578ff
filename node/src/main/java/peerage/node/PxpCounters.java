package peerage.node;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What one network counts; any thread.
final class PxpCounters {
  final LongAdder bytesIn = new LongAdder();
  final LongAdder bytesOut = new LongAdder();
  final LongAdder accepted = new LongAdder();
  final LongAdder turnedAway = new LongAdder();
  final LongAdder relays = new LongAdder();
  final LongAdder bytesRelayed = new LongAdder();

  /// Bytes that wait for their readers in all streams together.
  final AtomicLong buffered = new AtomicLong();

  /// Bytes that wait to be sent, of all connections together.
  final AtomicLong queued = new AtomicLong();
}
