package peerage.pieces;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;
import java.util.TreeSet;
import peerage.peers.Link;

/// A peer that speaks of metadata.
final class MetadataPeer {
  /// How long a peer may say nothing that was asked for. A guess: 16 KiB on a bad line, and time
  /// to ask somebody else while a person waits.
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /// The pause after a first rejection or silence, which grows with each. A guess.
  static final Duration PAUSE = Duration.ofSeconds(5);

  /// The longest pause: libtorrent's after a rejection.
  private static final int MAX_PAUSES = 12;

  final Link link;

  /// What it says the size is; 0 if it has not said.
  int size;

  /// Blocks that it owes us.
  final TreeSet<Integer> owed = new TreeSet<>();

  /// Blocks that were ever asked of it: an answer may come late, but never unasked.
  final BitSet asked = new BitSet();

  private Instant heardAt = Instant.MIN;
  private Instant pausedUntil = Instant.MIN;
  private int failures;

  MetadataPeer(Link link) {
    this.link = link;
  }

  boolean isPaused(Instant now) {
    return now.isBefore(pausedUntil);
  }

  void ask(int block, Instant now) {
    if (owed.isEmpty()) {
      heardAt = now;
    }
    owed.add(block);
    asked.set(block);
  }

  void answered(int block, Instant now) {
    owed.remove(block);
    heardAt = now;
    failures = 0;
  }

  /// It will not, or does not, send what it owes.
  void fail(Instant now) {
    owed.clear();
    failures = Math.min(failures + 1, MAX_PAUSES);
    pausedUntil = now.plus(PAUSE.multipliedBy(failures));
  }

  boolean isSilent(Instant now) {
    return !owed.isEmpty() && !now.isBefore(heardAt.plus(PATIENCE));
  }

  /// When it is silent too long, or its pause ends.
  Optional<Instant> deadline(Instant now) {
    if (!owed.isEmpty()) {
      return Optional.of(heardAt.plus(PATIENCE));
    }
    return isPaused(now) ? Optional.of(pausedUntil) : Optional.empty();
  }
}
