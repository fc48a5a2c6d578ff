package peerage.pieces;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.wire.Block;

/// Says which blocks to ask of a peer next. Of the missing pieces each is *open* or *started*.
///
/// A peer goes on with the pieces that it owns; then it takes over one that nobody owns; then it
/// starts the rarest open one; then it helps with another's; and when every block that somebody has
/// is asked for (the end game) it gets one that another is asked for as well.
final class Picker {
  /// Most bytes of pieces that are started and not done: a guess.
  private static final long MAX_STARTED_BYTES = 1L << 30;

  private static final int MIN_STARTED = 64; // or else large pieces would leave peers idle
  private static final int MAX_STARTED = 65_536; // 16 MB of books

  /// How many blocks an idle peer gets at a time in the end game: few, for most come twice. A
  /// guess.
  static final int END_GAME_WINDOW = 4;

  /// For how long a piece that was bad is left to one peer, so that its fault is known: a guess.
  private static final Duration ALONE = Duration.ofSeconds(60);

  private final PieceLayout layout;
  private final Rarity rarity;
  private final PieceSet missing;
  private final PieceSet suspect;
  private final int maxStarted;
  private final SequencedMap<Integer, StartedPiece> started = new LinkedHashMap<>();

  /// The started pieces with free blocks.
  private final SequencedSet<StartedPiece> gaps = new LinkedHashSet<>();

  private long state;

  /// @param missing the pieces to fetch; shared, and kept by others
  Picker(PieceLayout layout, PieceSet missing, RandomGenerator random) {
    this.layout = layout;
    this.missing = missing;
    this.rarity = new Rarity(missing.copy(), random);
    this.suspect = new PieceSet(missing.size());
    this.maxStarted =
        Math.clamp(MAX_STARTED_BYTES / layout.pieceLength(), MIN_STARTED, MAX_STARTED);
  }

  /// Who has what.
  Rarity rarity() {
    return rarity;
  }

  @Nullable StartedPiece started(int piece) {
    return started.get(piece);
  }

  /// Whether every block that can be asked for is asked for.
  boolean isEndGame() {
    if (rarity.canStart()) {
      return false;
    }
    for (StartedPiece gap : gaps) {
      if (rarity.count(gap.piece) > 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether no piece can be started before another is done.
  boolean isFull() {
    return started.size() >= maxStarted;
  }

  /// A peer for which there was nothing to ask may find something now.
  void changed() {
    state++;
  }

  /// Up to `count` blocks for a peer; they count as asked of it from here on.
  List<Block> pick(Peer peer, int count, Instant now) {
    if (peer.deadEnd == state) {
      return List.of();
    }
    var pick = new Pick(peer, count, now);
    if (peer.chokesUs) {
      pick.allowedFast();
    } else {
      pick.all();
    }
    if (pick.isDeadEnd) {
      peer.deadEnd = state;
    }
    return pick.blocks;
  }

  /// One round of choosing.
  private final class Pick {
    final Peer peer;
    final int count;
    final Instant now;
    final List<Block> blocks;
    boolean isDeadEnd;

    Pick(Peer peer, int count, Instant now) {
      this.peer = peer;
      this.count = count;
      this.now = now;
      this.blocks = new ArrayList<>(count);
    }

    boolean isFull() {
      return blocks.size() >= count;
    }

    void all() {
      continueOwn();
      takeOver();
      startNew();
      help();
      isDeadEnd = !isFull();
      if (isDeadEnd && isEndGame()) {
        duplicate();
      }
    }

    void allowedFast() {
      for (int piece : peer.allowedFast) {
        if (isFull()) {
          return;
        }
        StartedPiece known = started.get(piece);
        if (known != null && peer.pieces.get(piece)) {
          take(known);
        } else if (rarity.isOpen(piece) && peer.pieces.get(piece) && mayStart()) {
          take(start(piece, now));
        }
      }
      isDeadEnd = !isFull();
    }

    private void continueOwn() {
      for (StartedPiece own : peer.own) {
        if (isFull()) {
          return;
        }
        take(own);
      }
    }

    private void takeOver() {
      for (StartedPiece gap : isFull() ? List.<StartedPiece>of() : new ArrayList<>(gaps)) {
        if (gap.owner == null && peer.pieces.get(gap.piece) && take(gap)) {
          own(gap);
        }
        if (isFull()) {
          return;
        }
      }
    }

    private void startNew() {
      while (!isFull()) {
        int piece = rarity.rarest(peer.pieces);
        if (piece < 0 || !mayStart()) {
          return;
        }
        StartedPiece fresh = start(piece, now);
        own(fresh);
        if (!take(fresh)) {
          disown(fresh);
          return;
        }
      }
    }

    private void own(StartedPiece piece) {
      // A snubbed peer's one request must not keep a piece from the others.
      if (!peer.requests.isSnubbed() && !piece.isComplete()) {
        piece.owner = peer;
        peer.own.add(piece);
      }
    }

    private void help() {
      for (StartedPiece gap : isFull() ? List.<StartedPiece>of() : new ArrayList<>(gaps)) {
        if (mayHelp(gap)) {
          take(gap);
        }
        if (isFull()) {
          return;
        }
      }
    }

    private boolean mayHelp(StartedPiece piece) {
      return peer.pieces.get(piece.piece) && !piece.ownersAloneUntil.isAfter(now);
    }

    /// BEP 3: "once all subpieces which a given peer doesn't have are actively being requested, it
    /// sends requests for everything to all peers". To two here, and only while they are idle.
    private void duplicate() {
      boolean isIdle = peer.requests.count() == 0 && blocks.isEmpty();
      int room = isIdle ? Math.min(count, END_GAME_WINDOW) : 0;
      for (StartedPiece piece : started.sequencedValues()) {
        if (room > 0 && piece.hasAskedOnce() && mayHelp(piece)) {
          room -= duplicate(piece, room);
        }
      }
      isDeadEnd = isIdle && room > 0;
    }

    private int duplicate(StartedPiece piece, int room) {
      int before = blocks.size();
      for (int i = 0; i < piece.blockCount() && blocks.size() < before + room; i++) {
        if (piece.isAskedOnceOfAnother(i, peer)) {
          ask(piece, i);
        }
      }
      return blocks.size() - before;
    }

    private boolean take(StartedPiece piece) {
      int before = blocks.size();
      int index = piece.nextFree(0);
      while (index >= 0 && !isFull()) {
        ask(piece, index);
        index = piece.nextFree(index + 1);
      }
      if (!piece.hasFree()) {
        gaps.remove(piece);
      }
      return blocks.size() > before;
    }

    private void ask(StartedPiece piece, int index) {
      Block block = layout.block(piece.piece, index);
      if (peer.requests.mayAsk(block)) {
        piece.ask(index, peer);
        blocks.add(block);
      }
    }
  }

  private StartedPiece start(int piece, Instant now) {
    Instant alone = suspect.get(piece) ? now.plus(ALONE) : Instant.MIN;
    var fresh = new StartedPiece(piece, layout.blockCount(piece), alone);
    rarity.close(piece);
    started.put(piece, fresh);
    gaps.add(fresh);
    return fresh;
  }

  /// When too many are started, the one that is least worth and has come to a stop makes room.
  private boolean mayStart() {
    if (!isFull()) {
      return true;
    }
    StartedPiece least = null;
    for (StartedPiece gap : gaps) {
      boolean isStuck = gap.owner == null && gap.isIdle();
      if (isStuck && (least == null || gap.thereCount() < least.thereCount())) {
        least = gap;
      }
    }
    if (least != null) {
      remove(least);
      reopen(least.piece);
    }
    return least != null;
  }

  /// A peer is not asked for this block any longer.
  void release(Peer peer, Block block) {
    StartedPiece piece = started.get(block.piece());
    if (piece != null) {
      piece.release(index(block), peer);
      if (piece.owner == null && piece.isIdle() && piece.thereCount() == 0) {
        remove(piece); // it is as if it had not been started
        reopen(piece.piece);
      } else if (piece.hasFree()) {
        gaps.add(piece);
      }
      state++;
    }
  }

  /// A peer fetches no more of its own pieces than others do.
  void disown(Peer peer) {
    peer.own.forEach(piece -> piece.owner = null);
    peer.own.clear();
  }

  private static void disown(StartedPiece piece) {
    Peer owner = piece.owner;
    if (owner != null) {
      owner.own.remove(piece);
      piece.owner = null;
    }
  }

  void disown(Peer peer, int piece) {
    StartedPiece own = started.get(piece);
    if (own != null && own.owner == peer) {
      disown(own);
    }
  }

  /// A block came from a peer that was asked for it.
  ///
  /// @return the other peers that are asked for it
  List<Peer> arrived(StartedPiece piece, Block block, Peer from) {
    int index = index(block);
    List<Peer> others = piece.askedFor(index);
    others.remove(from);
    piece.arrived(index, from);
    if (piece.isComplete()) {
      disown(piece);
    }
    return others;
  }

  private static int index(Block block) {
    return block.begin() / Block.SIZE;
  }

  /// The piece needs nothing more: it is there, or nobody wants it.
  void remove(StartedPiece piece) {
    disown(piece);
    gaps.remove(piece);
    started.remove(piece.piece);
  }

  /// The piece is there.
  ///
  /// @return whether it had been bad before
  boolean done(int piece) {
    rarity.close(piece);
    return suspect.remove(piece);
  }

  /// The hash of the piece was wrong.
  void suspect(int piece) {
    suspect.add(piece);
  }

  /// The piece is to be fetched from its beginning, if it is wanted at all.
  void reopen(int piece) {
    if (missing.get(piece)) {
      rarity.open(piece);
      state++;
    }
  }

  /// The piece is not wanted any longer.
  void forget(int piece) {
    rarity.close(piece);
  }
}
