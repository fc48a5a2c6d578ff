package peerage.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A message of the peer wire protocol (BEP 3), with the fast extension (BEP 6) and the envelope of
/// the extension protocol (BEP 10).
public sealed interface Message {
  /// Four zero bytes, so that an idle connection is not taken for a dead one.
  record KeepAlive() implements Message {}

  /// "I will not serve you."
  record Choke() implements Message {}

  /// "I will serve you."
  record Unchoke() implements Message {}

  /// "You have something that I want."
  record Interested() implements Message {}

  /// "You have nothing that I want."
  record NotInterested() implements Message {}

  /// "I have this piece now."
  record Have(int piece) implements Message {}

  /// "These are the pieces I have": one bit a piece, the first in the highest bit of byte 0.
  ///
  /// @param bits ours to keep, not to change
  @SuppressWarnings("ArrayRecordComponent") // up to 256 KiB: not copied; equality is given below
  record Bitfield(byte[] bits) implements Message {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bitfield(var those) && Arrays.equals(bits, those);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bits);
    }

    @Override
    public String toString() {
      return "Bitfield[" + bits.length + " bytes]";
    }
  }

  /// "Send me this block."
  record Request(Block block) implements Message {}

  /// A block.
  ///
  /// @param piece index of the piece
  /// @param begin offset in the piece, in bytes
  /// @param data the bytes, from its position to its limit. When read from a connection it is a
  ///     view of the receive buffer: use it before the next read, or copy it.
  record Piece(int piece, int begin, ByteBuffer data) implements Message {
    /// The block that this is the content of.
    public Block block() {
      return new Block(piece, begin, data.remaining());
    }
  }

  /// "Never mind that request."
  record Cancel(Block block) implements Message {}

  /// "My DHT node listens on this UDP port" (BEP 5).
  record Port(int port) implements Message {}

  /// "Consider asking for this piece" (BEP 6).
  record Suggest(int piece) implements Message {}

  /// A bitfield of ones (BEP 6).
  record HaveAll() implements Message {}

  /// A bitfield of zeros (BEP 6).
  record HaveNone() implements Message {}

  /// "I will not serve that request" (BEP 6).
  record Reject(Block block) implements Message {}

  /// "You may ask for this piece even while choked" (BEP 6).
  record AllowedFast(int piece) implements Message {}

  /// A message of the extension protocol (BEP 10).
  ///
  /// @param id 0 for the extension handshake, else the number that the *receiver* chose
  /// @param payload ours to keep, not to change
  @SuppressWarnings("ArrayRecordComponent") // decoded in place, not copied; equality is given below
  record Extended(int id, byte[] payload) implements Message {
    @Override
    public boolean equals(Object other) {
      return other instanceof Extended(int thatId, var those)
          && id == thatId
          && Arrays.equals(payload, those);
    }

    @Override
    public int hashCode() {
      return 31 * id + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
      return "Extended[" + id + ", " + payload.length + " bytes]";
    }
  }

  /// A message with an id that we do not know; skipped and counted.
  record Unknown(int id, int length) implements Message {}
}
