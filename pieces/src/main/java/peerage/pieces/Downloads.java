package peerage.pieces;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import peerage.pieces.Transfer.Output;
import peerage.wire.Block;
import peerage.wire.Message;

/// Asks the peers for blocks, and keeps each of them busy but not swamped.
final class Downloads {
  /// At most so often is every peer looked at for something to ask; what a peer does costs us no
  /// more than that. A guess.
  private static final Duration ROUND = Duration.ofMillis(500);

  private final Picker picker;
  private final Collection<Peer> peers;
  private final Outbox out;

  /// When to look at what peers owe us, and when to look for work for all of them.
  private @Nullable Instant patrolAt;

  private @Nullable Instant roundAt;
  private Instant lastRound = Instant.MIN;

  Downloads(Picker picker, Collection<Peer> peers, Outbox out) {
    this.picker = picker;
    this.peers = peers;
    this.out = out;
  }

  /// Asks a peer for what it has room for.
  void ask(Peer peer, Instant now) {
    int room = canAsk(peer) ? peer.requests.room() : 0;
    if (room == 0) {
      return;
    }
    boolean wasEndGame = picker.isEndGame();
    List<Block> blocks = picker.pick(peer, room, now);
    for (Block block : blocks) {
      peer.requests.asked(block, now);
      out.send(peer, new Message.Request(block));
    }
    if (!blocks.isEmpty()) {
      watch(now.plus(Requests.PATIENCE));
      if (!wasEndGame && picker.isEndGame()) {
        askAll(now);
      }
    }
  }

  private static boolean canAsk(Peer peer) {
    return !peer.isClosed && peer.isInteresting && (!peer.chokesUs || !peer.allowedFast.isEmpty());
  }

  /// Something changed for all peers: looks for work for each of them, soon.
  void askAll(Instant now) {
    picker.changed();
    if (roundAt == null) {
      Instant next = lastRound.equals(Instant.MIN) ? now : lastRound.plus(ROUND);
      roundAt = next.isBefore(now) ? now : next;
    }
  }

  private void watch(Instant due) {
    patrolAt = Deadlines.earliest(patrolAt, due);
  }

  /// Something changed for this peer: it has more, or lets us ask again.
  void askAgain(Peer peer, Instant now) {
    peer.deadEnd = -1;
    ask(peer, now);
  }

  void arrived(Peer peer, Block block, Instant now) {
    StartedPiece piece = picker.started(block.piece());
    if (!peer.requests.delivered(block, peer.download, now)) {
      unrequested(peer, block, now);
    } else if (piece != null) {
      peer.download.add(block.length(), now);
      for (Peer other : picker.arrived(piece, block, peer)) {
        cancel(other, block);
        ask(other, now);
      }
      if (piece.isComplete()) {
        out.put(new Output.Check(block.piece()));
      }
      ask(peer, now);
    }
  }

  /// BEP 6: "If a peer receives a piece that was never requested, the peer MUST close the
  /// connection". Without the extension it crossed with a cancel or a choke.
  private void unrequested(Peer peer, Block block, Instant now) {
    if (peer.requests.settled(block)) {
      out.count(peer, "a block that was cancelled");
      askAgain(peer, now);
    } else if (peer.isFast()) {
      out.close(peer, "sent a block that was not requested");
    } else {
      out.count(peer, "a block that was not requested");
    }
  }

  private void cancel(Peer peer, Block block) {
    peer.requests.cancelled(block, peer.fast);
    out.send(peer, new Message.Cancel(block));
  }

  /// A choke voids all requests; a peer with the fast extension rejects them one by one instead.
  void choked(Peer peer, Instant now) {
    peer.chokesUs = true;
    picker.disown(peer);
    if (!peer.isFast() && peer.requests.count() > 0) {
      release(peer);
      out.put(new Output.ForgetRequests(peer.link));
    }
    askAll(now);
  }

  private void release(Peer peer) {
    for (Block block : peer.requests.forget()) {
      picker.release(peer, block);
    }
  }

  void unchoked(Peer peer, Instant now) {
    peer.chokesUs = false;
    peer.requests.forgive();
    askAgain(peer, now);
  }

  void rejected(Peer peer, Block block, Instant now) {
    if (peer.requests.rejected(block)) {
      picker.release(peer, block);
      picker.disown(peer, block.piece());
      if (!peer.chokesUs || peer.allowedFast.contains(block.piece())) {
        peer.requests.refused(block, now);
        watch(now.plus(Requests.REFUSAL));
      }
      ask(peer, now);
      askAll(now);
    } else if (peer.requests.settled(block)) {
      askAgain(peer, now);
    } else {
      out.count(peer, "a reject of nothing");
    }
  }

  /// The connection is gone.
  void left(Peer peer, Instant now) {
    picker.disown(peer);
    release(peer);
    askAll(now);
  }

  /// The piece needs nothing more: takes back every request for it.
  void end(StartedPiece piece, PieceLayout layout, Instant now) {
    boolean wasFull = picker.isFull();
    picker.remove(piece);
    for (int i = 0; i < piece.blockCount() && !piece.isComplete(); i++) {
      Block block = layout.block(piece.piece, i);
      piece.askedFor(i).forEach(peer -> cancel(peer, block));
    }
    if (wasFull || !piece.isComplete()) {
      askAll(now);
    }
  }

  void tick(Instant now) {
    if (Deadlines.isDue(patrolAt, now)) {
      patrol(now);
    }
  }

  private void patrol(Instant now) {
    patrolAt = null;
    for (Peer peer : peers) {
      if (peer.requests.isOverdue(now)) {
        snub(peer, now);
      }
      if (peer.requests.expire(now)) {
        askAgain(peer, now);
      }
      patrolAt = Deadlines.earliest(patrolAt, peer.requests.nextDue());
    }
  }

  private void snub(Peer peer, Instant now) {
    List<Block> owed = peer.requests.outstanding();
    peer.requests.snubbed(now);
    picker.disown(peer);
    for (Block block : owed) {
      cancel(peer, block);
      picker.release(peer, block);
    }
    askAll(now);
  }

  /// The last step of every input.
  void settle(Instant now) {
    if (Deadlines.isDue(roundAt, now)) {
      roundAt = null;
      lastRound = now;
      for (Peer peer : peers) {
        ask(peer, now);
      }
    }
  }

  @Nullable Instant nextDue() {
    return Deadlines.earliest(patrolAt, roundAt);
  }
}
