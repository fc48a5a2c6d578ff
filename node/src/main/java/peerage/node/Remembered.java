package peerage.node;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// A peer that we reached, as a later run shall know it.
///
/// @param address where it listens: we dialled it there
/// @param lastSuccess when we were last connected to it, wall-clock time
/// @param origins how we heard of it, the first first; at least one, never a memory
record Remembered(PeerAddress address, Instant lastSuccess, List<Origin> origins) {
  /// Origins that are kept of one peer (guess: enough to see who agreed on it).
  static final int MAX_ORIGINS = 4;

  Remembered {
    origins = unfolded(origins);
  }

  /// A memory of a memory is what was remembered then.
  private static List<Origin> unfolded(List<Origin> origins) {
    var unfolded = new ArrayList<Origin>();
    for (Origin origin : origins) {
      Origin root = origin instanceof Origin.Memory memory ? memory.first() : origin;
      if (!unfolded.contains(root) && unfolded.size() < MAX_ORIGINS) {
        unfolded.add(root);
      }
    }
    if (unfolded.isEmpty()) {
      throw new IllegalArgumentException("a peer without an origin");
    }
    return List.copyOf(unfolded);
  }

  /// What two processes know of one peer: the later success, the origins of the earlier first.
  Remembered with(Remembered other) {
    boolean isOlder = lastSuccess.isBefore(other.lastSuccess);
    Remembered older = isOlder ? this : other;
    var both = new ArrayList<>(older.origins);
    both.addAll(isOlder ? other.origins : origins);
    return new Remembered(address, isOlder ? other.lastSuccess : lastSuccess, both);
  }

  /// How a later run says that it heard of it.
  Origin.Memory origin() {
    return new Origin.Memory(lastSuccess, origins.getFirst());
  }
}
