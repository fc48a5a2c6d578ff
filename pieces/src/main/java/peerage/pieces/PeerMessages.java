package peerage.pieces;

import java.time.Instant;
import peerage.bencode.MalformedMessage;
import peerage.wire.Message;

/// What each message of a peer may say, and what it does.
final class PeerMessages {
  private final Wants wants;
  private final Picker picker;
  private final Downloads downloads;
  private final Uploads uploads;
  private final Choker choker;
  private final Outbox out;

  PeerMessages(
      Wants wants, Picker picker, Downloads downloads, Uploads uploads, Choker choker, Outbox out) {
    this.wants = wants;
    this.picker = picker;
    this.downloads = downloads;
    this.uploads = uploads;
    this.choker = choker;
    this.out = out;
  }

  void received(Peer peer, Message message, Instant now) {
    if (isOfFastExtension(message) && !peer.isFast()) {
      // BEP 6: "When the fast extension is disabled, if a peer receives … the peer MUST close the
      // connection."
      out.close(peer, "sent a message of the fast extension without having it");
      return;
    }
    boolean isFirst = !peer.hasSpoken;
    peer.hasSpoken |= speaks(message);
    if (isFirst && peer.hasSpoken && peer.isFast() && !saysAll(message)) {
      out.count(peer, "no bitfield first"); // a departure of theirs that hurts nobody
    }
    if (saysAll(message) && !isFirst) {
      // Departure: BEP 3 has it "only ever sent as the first message", but aria2 1.36 sends one in
      // place of twenty `have`. It is taken as those.
      out.count(peer, "a bitfield that was not its first message");
    }
    obey(peer, message, now);
  }

  private static boolean isOfFastExtension(Message message) {
    return message instanceof Message.HaveAll
        || message instanceof Message.HaveNone
        || message instanceof Message.Suggest
        || message instanceof Message.Reject
        || message instanceof Message.AllowedFast;
  }

  /// Whether the message says all that the peer has.
  private static boolean saysAll(Message message) {
    return message instanceof Message.Bitfield
        || message instanceof Message.HaveAll
        || message instanceof Message.HaveNone;
  }

  /// Whether the bitfield must have come before this message.
  private static boolean speaks(Message message) {
    return !(message instanceof Message.KeepAlive
        || message instanceof Message.Port
        || message instanceof Message.Unknown);
  }

  private void obey(Peer peer, Message message, Instant now) {
    switch (message) {
      case Message.KeepAlive _, Message.Port _, Message.Unknown _ -> {}
      case Message.Choke _ -> downloads.choked(peer, now);
      case Message.Unchoke _ -> downloads.unchoked(peer, now);
      case Message.Interested _ -> interested(peer, now);
      case Message.NotInterested _ -> peer.isInterested = false;
      case Message.Have(int piece) -> have(peer, piece, now);
      case Message.Bitfield(byte[] bits) -> bitfield(peer, bits, now);
      case Message.HaveAll _ -> has(peer, PieceSet.full(peer.pieces.size()), now);
      case Message.HaveNone _ -> {}
      case Message.Request(var block) -> uploads.requested(peer, block);
      case Message.Cancel(var block) -> uploads.cancelled(peer, block);
      case Message.Reject(var block) -> downloads.rejected(peer, block, now);
      case Message.Suggest(int piece) -> isThere(peer, piece); // and taken as no more than advice
      case Message.AllowedFast(int piece) -> allowedFast(peer, piece, now);
      case Message.Piece _, Message.Extended _ ->
          throw new IllegalArgumentException("not to be passed on as a message: " + message);
    }
  }

  private void interested(Peer peer, Instant now) {
    if (!peer.isInterested) {
      peer.isInterested = true;
      choker.interested(peer, now);
    }
  }

  private void bitfield(Peer peer, byte[] bits, Instant now) {
    try {
      has(peer, PieceSet.fromWire(bits, peer.pieces.size()), now);
    } catch (MalformedMessage e) {
      out.close(peer, "sent " + e.getMessage());
    }
  }

  /// Takes a piece at most once from each peer, however often it says all: what that costs us is
  /// bounded.
  private void has(Peer peer, PieceSet pieces, Instant now) {
    PieceSet news = pieces.without(peer.pieces);
    if (news.isFull()) {
      peer.pieces = pieces;
      peer.isSeed = true;
      picker.rarity().addSeed();
    } else {
      for (int piece = news.next(0); piece >= 0; piece = news.next(piece + 1)) {
        peer.pieces.add(piece);
        picker.rarity().add(piece);
      }
    }
    wants.announced(peer);
    downloads.askAgain(peer, now);
  }

  private void have(Peer peer, int piece, Instant now) {
    if (isThere(peer, piece) && peer.pieces.add(piece)) {
      picker.rarity().add(piece);
      wants.announced(peer, piece);
      downloads.askAgain(peer, now);
    }
  }

  private void allowedFast(Peer peer, int piece, Instant now) {
    if (isThere(peer, piece)
        && peer.allowedFast.size() < Peer.MAX_ALLOWED_FAST
        && peer.allowedFast.add(piece)) {
      downloads.askAgain(peer, now);
    }
  }

  private boolean isThere(Peer peer, int piece) {
    boolean isThere = piece >= 0 && piece < peer.pieces.size();
    if (!isThere) {
      out.close(peer, "named piece " + piece + " of " + peer.pieces.size());
    }
    return isThere;
  }

  /// The peer is gone, and its pieces with it.
  void left(Peer peer) {
    if (peer.isSeed) {
      picker.rarity().removeSeed();
    } else {
      PieceSet pieces = peer.pieces;
      for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
        picker.rarity().remove(piece);
      }
    }
  }
}
