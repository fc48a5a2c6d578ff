package peerage.pieces;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;

/// A piece that is being fetched. Each of its blocks is *free*, asked of one peer or (end game)
/// two, or *there*.
final class StartedPiece {
  final int piece;
  private final @Nullable Peer[] askedFirst;
  private final @Nullable Peer[] askedSecond;
  private final @Nullable Link[] senders;
  private int freeCount;
  private int askedOnceCount;
  private int thereCount;
  private int firstFree;

  /// Who is to fetch the rest of it, or null.
  @Nullable Peer owner;

  /// Until when only its owner fetches it, because it was bad before.
  final Instant ownersAloneUntil;

  StartedPiece(int piece, int blocks, Instant ownersAloneUntil) {
    this.piece = piece;
    this.askedFirst = new Peer[blocks];
    this.askedSecond = new Peer[blocks];
    this.senders = new Link[blocks];
    this.freeCount = blocks;
    this.ownersAloneUntil = ownersAloneUntil;
  }

  boolean hasFree() {
    return freeCount > 0;
  }

  boolean hasAskedOnce() {
    return askedOnceCount > 0;
  }

  /// Whether nobody is asked for any of it.
  boolean isIdle() {
    return freeCount + thereCount == senders.length;
  }

  boolean isComplete() {
    return thereCount == senders.length;
  }

  int thereCount() {
    return thereCount;
  }

  int blockCount() {
    return senders.length;
  }

  /// The first free block at or after `from`, or -1.
  int nextFree(int from) {
    for (int i = Math.max(from, firstFree); i < senders.length; i++) {
      if (isFree(i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isFree(int index) {
    return senders[index] == null && askedFirst[index] == null;
  }

  boolean isAskedOnceOfAnother(int index, Peer peer) {
    return askedFirst[index] != null && askedFirst[index] != peer && askedSecond[index] == null;
  }

  /// The peers that are asked for a block.
  List<Peer> askedFor(int index) {
    List<Peer> asked = new ArrayList<>(2);
    Peer first = askedFirst[index];
    if (first != null) {
      asked.add(first);
    }
    Peer second = askedSecond[index];
    if (second != null) {
      asked.add(second);
    }
    return asked;
  }

  void ask(int index, Peer peer) {
    if (askedFirst[index] == null) {
      askedFirst[index] = peer;
      freeCount--;
      askedOnceCount++;
      while (firstFree < senders.length && !isFree(firstFree)) {
        firstFree++;
      }
    } else {
      askedSecond[index] = peer;
      askedOnceCount--;
    }
  }

  /// The peer is not asked for the block any longer.
  void release(int index, Peer peer) {
    boolean wasAskedOnce = askedSecond[index] == null;
    if (askedFirst[index] == peer) {
      askedFirst[index] = askedSecond[index];
    }
    askedSecond[index] = null;
    if (wasAskedOnce) {
      askedOnceCount--;
      freeCount++;
      firstFree = Math.min(firstFree, index);
    } else {
      askedOnceCount++;
    }
  }

  /// The block came from a peer that was asked; nobody is asked for it any longer.
  void arrived(int index, Peer from) {
    if (askedSecond[index] == null) {
      askedOnceCount--;
    }
    askedFirst[index] = null;
    askedSecond[index] = null;
    senders[index] = from.link;
    thereCount++;
  }

  /// Who sent a part of it.
  List<Link> senders() {
    SequencedSet<Link> links = new LinkedHashSet<>();
    for (Link sender : senders) {
      if (sender != null) {
        links.add(sender);
      }
    }
    return new ArrayList<>(links);
  }
}
