package peerage.pieces;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.pieces.Transfer.Output;
import peerage.wire.AllowedFast;
import peerage.wire.Block;
import peerage.wire.Message;

/// Serves the requests of the peers.
final class Uploads {
  private final PieceLayout layout;
  private final PieceSet have;
  private final Outbox out;

  Uploads(PieceLayout layout, PieceSet have, Outbox out) {
    this.layout = layout;
    this.have = have;
    this.out = out;
  }

  /// Says what we have. BEP 6: "Exactly one of Have All, Have None, or Bitfield MUST be sent".
  void greet(Peer peer) {
    if (have.isEmpty()) {
      if (peer.isFast()) {
        out.send(peer, new Message.HaveNone());
      }
    } else if (peer.isFast() && have.isFull()) {
      out.send(peer, new Message.HaveAll());
    } else {
      out.send(peer, new Message.Bitfield(have.toWire()));
    }
  }

  /// Tells a peer what it may ask for while choked: a tenth of the pieces at most, so that nobody
  /// gets a small torrent without waiting, and only what we have.
  void grant(Peer peer, InfoHash infoHash, IpAddress ip) {
    int pieces = layout.pieceCount();
    int size = Math.min(AllowedFast.DEFAULT_SIZE, pieces / 10);
    if (!peer.isFast() || have.isEmpty() || size == 0) {
      return;
    }
    for (int piece : AllowedFast.set(infoHash, ip, pieces, size)) {
      if (have.get(piece)) {
        peer.backlog.granted.add(piece);
        out.send(peer, new Message.AllowedFast(piece));
      }
    }
  }

  void requested(Peer peer, Block block) {
    if (!layout.covers(block)) {
      out.close(peer, "asked for " + block + ", which is outside of the torrent");
    } else if (block.length() > Block.MAX_SIZE) {
      out.close(peer, "asked for " + block.length() + " bytes in one block");
    } else if (peer.backlog.contains(block)) {
      out.count(peer, "a request repeated");
    } else if (!have.get(block.piece())) {
      out.count(peer, "a request for a piece that we lack");
      refuse(peer, block);
    } else if (peer.backlog.waitingCount() >= Transfer.REQUEST_QUEUE) {
      out.count(peer, "a request too many");
      refuse(peer, block);
    } else if (peer.isChoked && !peer.backlog.spend(block, layout.pieceLength())) {
      refuse(peer, block);
    } else {
      peer.backlog.add(block);
      handOut(peer);
    }
  }

  private void refuse(Peer peer, Block block) {
    if (peer.isFast()) {
      out.send(peer, new Message.Reject(block));
    }
  }

  private void handOut(Peer peer) {
    for (Block block = peer.backlog.handOut(); block != null; block = peer.backlog.handOut()) {
      out.put(new Output.Serve(peer.link, block));
    }
  }

  /// What is handed out already is answered by the block, what is unknown was answered before.
  void cancelled(Peer peer, Block block) {
    if (peer.backlog.cancel(block)) {
      refuse(peer, block);
    }
  }

  void served(Peer peer, Block block, Instant now) {
    if (peer.backlog.done(block)) {
      peer.upload.add(block.length(), now);
      handOut(peer);
    }
  }

  void failed(Peer peer, Block block) {
    if (peer.backlog.done(block)) {
      refuse(peer, block);
      handOut(peer);
    }
  }

  /// BEP 6: "If a peer sends a choke, it MUST reject all requests from the peer to whom the choke
  /// was sent except it SHOULD NOT reject requests for pieces that are in the allowed fast set."
  void choke(Peer peer, Instant now) {
    peer.isChoked = true;
    peer.turnSince = now;
    out.send(peer, new Message.Choke());
    refuseAll(peer, peer.backlog.dropAllButGranted());
  }

  void unchoke(Peer peer, Instant now) {
    peer.isChoked = false;
    peer.turnSince = now;
    out.send(peer, new Message.Unchoke());
  }

  void lost(int piece, Collection<Peer> peers) {
    for (Peer peer : peers) {
      refuseAll(peer, peer.backlog.drop(piece));
    }
  }

  private void refuseAll(Peer peer, List<Block> blocks) {
    blocks.forEach(block -> refuse(peer, block));
  }
}
