package peerage.pieces;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import peerage.wire.Block;

/// The requests of one peer: first they wait, then they are handed to the driver, which reads and
/// sends them.
final class Backlog {
  /// Most bytes handed to the driver and not sent yet. Enough to keep a disk and a socket busy,
  /// little enough that a choke takes effect soon: a guess.
  static final int MAX_HANDED_OUT = 1 << 20;

  private final SequencedSet<Block> waiting = new LinkedHashSet<>();
  private final SequencedSet<Block> handedOut = new LinkedHashSet<>();
  private int bytesHandedOut;

  /// The pieces that the peer may ask for while choked.
  final SequencedSet<Integer> granted = new LinkedHashSet<>();

  /// Bytes that it asked for while choked.
  private long bytesGranted;

  int waitingCount() {
    return waiting.size();
  }

  boolean contains(Block block) {
    return waiting.contains(block) || handedOut.contains(block);
  }

  void add(Block block) {
    waiting.add(block);
  }

  /// Spends from what may be asked for while choked: the granted pieces, once.
  ///
  /// @return whether there was enough left
  boolean spend(Block block, int pieceLength) {
    boolean isGranted =
        granted.contains(block.piece())
            && bytesGranted + block.length() <= (long) granted.size() * pieceLength;
    if (isGranted) {
      bytesGranted += block.length();
    }
    return isGranted;
  }

  /// The next block for the driver, or null: nothing waits, or enough is handed out.
  @Nullable Block handOut() {
    if (waiting.isEmpty() || bytesHandedOut + waiting.getFirst().length() > MAX_HANDED_OUT) {
      return null;
    }
    Block next = waiting.removeFirst();
    handedOut.add(next);
    bytesHandedOut += next.length();
    return next;
  }

  /// The peer takes a request back.
  ///
  /// @return whether it was waiting
  boolean cancel(Block block) {
    return waiting.remove(block);
  }

  /// The driver is done with a block.
  ///
  /// @return whether it was handed out
  boolean done(Block block) {
    boolean wasHandedOut = handedOut.remove(block);
    if (wasHandedOut) {
      bytesHandedOut -= block.length();
    }
    return wasHandedOut;
  }

  /// Removes what waits and may not be served while the peer is choked.
  List<Block> dropAllButGranted() {
    return drop(block -> !granted.contains(block.piece()));
  }

  /// Removes what waits for a piece.
  List<Block> drop(int piece) {
    return drop(block -> block.piece() == piece);
  }

  private List<Block> drop(Predicate<Block> rule) {
    List<Block> dropped = new ArrayList<>();
    for (Block block : waiting) {
      if (rule.test(block)) {
        dropped.add(block);
      }
    }
    dropped.forEach(waiting::remove);
    return dropped;
  }
}
