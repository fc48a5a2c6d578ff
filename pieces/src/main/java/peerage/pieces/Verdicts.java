package peerage.pieces;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import peerage.peers.Link;
import peerage.pieces.Transfer.Output;
import peerage.wire.Message;

/// What follows from the hash of a piece.
final class Verdicts {
  /// In so many bad pieces a link may have had a part before it is closed. One may be another's
  /// fault.
  private static final int STRIKES = 2;

  private final PieceLayout layout;
  private final Map<Link, Peer> peers;
  private final Wants wants;
  private final Picker picker;
  private final Downloads downloads;
  private final Outbox out;

  Verdicts(
      PieceLayout layout,
      Map<Link, Peer> peers,
      Wants wants,
      Picker picker,
      Downloads downloads,
      Outbox out) {
    this.layout = layout;
    this.peers = peers;
    this.wants = wants;
    this.picker = picker;
    this.downloads = downloads;
    this.out = out;
  }

  void good(int piece, Instant now) {
    StartedPiece done = picker.started(piece);
    boolean wasSuspect = picker.done(piece);
    if (done != null) {
      downloads.end(done, layout, now);
      if (wasSuspect) {
        acquit(done.senders());
      }
    }
    boolean wasMissing = wants.missing().get(piece);
    if (wants.got(piece)) {
      out.put(new Output.PieceDone(piece));
      tell(piece);
      if (wasMissing && wants.missing().isEmpty()) {
        out.put(new Output.Finished());
      }
    }
  }

  private void tell(int piece) {
    for (Peer peer : peers.values()) {
      if (!peer.pieces.get(piece)) {
        out.send(peer, new Message.Have(piece));
      }
    }
  }

  /// Who alone brings a piece that was bad before is hardly the one who spoilt it.
  private void acquit(List<Link> senders) {
    Peer only = senders.size() == 1 ? peers.get(senders.getFirst()) : null;
    if (only != null && only.strikes > 0) {
      only.strikes--;
    }
  }

  /// A verdict over a piece that is still being fetched is about an earlier try, and says nothing.
  void bad(int piece, Instant now) {
    StartedPiece spoilt = picker.started(piece);
    if (spoilt != null && spoilt.isComplete()) {
      List<Link> blamed = spoilt.senders();
      picker.remove(spoilt);
      picker.suspect(piece);
      picker.reopen(piece);
      out.put(new Output.PieceRefused(piece, blamed));
      blamed.forEach(link -> strike(link, blamed.size()));
      downloads.askAll(now);
    }
  }

  private void strike(Link link, int suspects) {
    Peer peer = peers.get(link);
    if (peer != null) {
      peer.strikes += suspects == 1 ? STRIKES : 1;
      if (peer.strikes >= STRIKES) {
        out.close(peer, Transfer.BAD_PIECE);
      }
    }
  }

  /// The storage has the piece no longer.
  ///
  /// @return whether we had it
  boolean lost(int piece, Instant now) {
    boolean had = wants.lost(piece);
    if (had) {
      picker.reopen(piece);
      downloads.askAll(now);
    }
    return had;
  }

  /// The selection changed. What is started and not wanted any longer is given up, but for what
  /// only waits for its hash.
  void want(PieceSet pieces, Instant now) {
    PieceSet before = wants.missing().copy();
    wants.want(pieces);
    PieceSet dropped = before.without(wants.missing());
    for (int piece = dropped.next(0); piece >= 0; piece = dropped.next(piece + 1)) {
      StartedPiece started = picker.started(piece);
      if (started != null && !started.isComplete()) {
        downloads.end(started, layout, now);
      }
      picker.forget(piece);
    }
    PieceSet added = wants.missing().without(before);
    for (int piece = added.next(0); piece >= 0; piece = added.next(piece + 1)) {
      if (picker.started(piece) == null) {
        picker.reopen(piece);
      }
    }
    if (!before.isEmpty() && wants.missing().isEmpty()) {
      out.put(new Output.Finished());
    }
    downloads.askAll(now);
  }
}
