package peerage.pieces;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import peerage.wire.Block;

/// Our requests to one peer: which are out, which we took back, which it refused.
final class Requests {
  /// How long a peer may owe us blocks without sending any, and not be snubbed. BEP 3 waits a
  /// minute before it stops reciprocating; the blocks are wanted elsewhere sooner: a guess.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /// For how long a refused block is not asked for again on the same link: a guess.
  static final Duration REFUSAL = Duration.ofSeconds(10);

  /// After so many refusals without a block between, the link rests for [#REFUSAL]: a guess.
  static final int REFUSALS_IN_A_ROW = 16;

  /// Most cancelled requests that wait for an answer, and most refusals remembered: twice what can
  /// be out at a time.
  static final int MEMORY = 2 * Window.MAX;

  private final SequencedMap<Block, Instant> outstanding = new LinkedHashMap<>();
  private final SequencedSet<Block> owed = new LinkedHashSet<>();
  private final SequencedMap<Block, Instant> refusedUntil = new LinkedHashMap<>();
  final Window window = new Window();
  private boolean isSnubbed;
  private int refusalsInARow;
  private Instant quietSince;
  private @Nullable Instant restUntil;

  Requests(Instant now) {
    quietSince = now;
  }

  int count() {
    return outstanding.size();
  }

  boolean isSnubbed() {
    return isSnubbed;
  }

  /// How many requests to add now. They go out in batches: a message each would cost a system call
  /// each.
  int room() {
    int batch = Math.max(1, window.size() / 4);
    boolean worthIt = outstanding.size() <= window.size() - batch;
    return worthIt && restUntil == null && owed.size() < MEMORY
        ? window.size() - outstanding.size()
        : 0;
  }

  boolean mayAsk(Block block) {
    return !outstanding.containsKey(block)
        && !owed.contains(block)
        && !refusedUntil.containsKey(block);
  }

  void asked(Block block, Instant now) {
    if (outstanding.isEmpty()) {
      quietSince = now;
    }
    outstanding.put(block, now);
  }

  /// A block came.
  ///
  /// @return whether it was outstanding
  boolean delivered(Block block, Rate rate, Instant now) {
    Instant asked = outstanding.remove(block);
    if (asked == null) {
      return false;
    }
    window.delivered(asked, rate, now);
    quietSince = now;
    isSnubbed = false;
    refusalsInARow = 0;
    return true;
  }

  /// The peer will not send this block.
  ///
  /// @return whether it was outstanding
  boolean rejected(Block block) {
    return outstanding.remove(block) != null;
  }

  /// The peer refused although it might have served.
  void refused(Block block, Instant now) {
    if (refusedUntil.size() < MEMORY) {
      refusedUntil.put(block, now.plus(REFUSAL));
    }
    window.rejected();
    refusalsInARow++;
    if (refusalsInARow >= REFUSALS_IN_A_ROW) {
      restUntil = now.plus(REFUSAL);
    }
  }

  /// We took the request back. BEP 6: "every request is guaranteed to result in EXACTLY ONE
  /// response which is either the corresponding reject or corresponding piece message", cancelled
  /// ones too.
  void cancelled(Block block, Transfer.Fast fast) {
    outstanding.remove(block);
    if (fast == Transfer.Fast.YES) {
      owed.add(block);
    }
  }

  /// A block or a reject came that was not outstanding.
  ///
  /// @return whether it answers a cancelled request
  boolean settled(Block block) {
    return owed.remove(block);
  }

  /// All requests are void.
  ///
  /// @return those that were outstanding
  List<Block> forget() {
    List<Block> forgotten = outstanding();
    outstanding.clear();
    return forgotten;
  }

  List<Block> outstanding() {
    return new ArrayList<>(outstanding.sequencedKeySet());
  }

  void snubbed(Instant now) {
    isSnubbed = true;
    quietSince = now;
    window.snubbed();
  }

  /// What was refused may be asked for again.
  void forgive() {
    refusedUntil.clear();
    restUntil = null;
    refusalsInARow = 0;
  }

  /// Time goes by.
  ///
  /// @return whether something may be asked for again that might not before
  boolean expire(Instant now) {
    boolean expired = false;
    if (restUntil != null && !restUntil.isAfter(now)) {
      restUntil = null;
      expired = true;
    }
    Iterator<Instant> oldestFirst = refusedUntil.sequencedValues().iterator();
    while (oldestFirst.hasNext() && !oldestFirst.next().isAfter(now)) {
      oldestFirst.remove();
      expired = true;
    }
    return expired;
  }

  boolean isOverdue(Instant now) {
    return !outstanding.isEmpty() && !quietSince.plus(PATIENCE).isAfter(now);
  }

  /// When to look at this link again, or null.
  @Nullable Instant nextDue() {
    Instant overdue = outstanding.isEmpty() ? null : quietSince.plus(PATIENCE);
    Instant refusal = refusedUntil.isEmpty() ? null : refusedUntil.firstEntry().getValue();
    return Deadlines.earliest(overdue, Deadlines.earliest(refusal, restUntil));
  }
}
