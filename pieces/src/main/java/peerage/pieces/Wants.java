package peerage.pieces;

import java.util.Collection;
import peerage.wire.Message;

/// What we have and what we want, and which peers that makes interesting.
final class Wants {
  private final PieceLayout layout;
  private final PieceSet have;
  private final Collection<Peer> peers;
  private final Outbox out;
  private final PieceSet missing;
  private PieceSet wanted;
  private long missingBytes;

  Wants(PieceLayout layout, PieceSet have, PieceSet wanted, Collection<Peer> peers, Outbox out) {
    this.layout = layout;
    this.have = have;
    this.peers = peers;
    this.out = out;
    this.wanted = wanted;
    this.missing = wanted.without(have);
    for (int piece = missing.next(0); piece >= 0; piece = missing.next(piece + 1)) {
      missingBytes += layout.length(piece);
    }
  }

  /// What we want and have not; changed here alone.
  PieceSet missing() {
    return missing;
  }

  long missingBytes() {
    return missingBytes;
  }

  /// The peer said what it has; it is in `pieces` already.
  void announced(Peer peer) {
    setUseful(peer, missing.sharedCount(peer.pieces));
  }

  /// The peer got one piece more.
  void announced(Peer peer, int piece) {
    if (missing.get(piece)) {
      setUseful(peer, peer.useful + 1);
    }
  }

  /// We have this piece now.
  ///
  /// @return whether that is news
  boolean got(int piece) {
    if (missing.get(piece)) {
      notMissing(piece);
    }
    return have.add(piece);
  }

  /// We have this piece no longer.
  ///
  /// @return whether that is news
  boolean lost(int piece) {
    boolean had = have.remove(piece);
    if (had && wanted.get(piece)) {
      missing(piece);
    }
    return had;
  }

  /// The selection changed; what is missing changes with it, piece by piece.
  void want(PieceSet pieces) {
    PieceSet dropped = missing.without(pieces);
    PieceSet added = pieces.without(have).without(missing);
    wanted = pieces;
    for (int piece = dropped.next(0); piece >= 0; piece = dropped.next(piece + 1)) {
      missing.remove(piece);
      missingBytes -= layout.length(piece);
    }
    for (int piece = added.next(0); piece >= 0; piece = added.next(piece + 1)) {
      missing.add(piece);
      missingBytes += layout.length(piece);
    }
    peers.forEach(this::announced);
  }

  private void notMissing(int piece) {
    missing.remove(piece);
    missingBytes -= layout.length(piece);
    changeUseful(piece, -1);
  }

  private void missing(int piece) {
    missing.add(piece);
    missingBytes += layout.length(piece);
    changeUseful(piece, 1);
  }

  private void changeUseful(int piece, int change) {
    for (Peer peer : peers) {
      if (peer.pieces.get(piece)) {
        setUseful(peer, peer.useful + change);
      }
    }
  }

  private void setUseful(Peer peer, int useful) {
    peer.useful = useful;
    boolean isInteresting = useful > 0;
    if (isInteresting != peer.isInteresting) {
      peer.isInteresting = isInteresting;
      out.send(peer, isInteresting ? new Message.Interested() : new Message.NotInterested());
    }
  }
}
