package peerage.pxp;

import java.nio.ByteBuffer;
import peerage.bencode.MalformedMessage;

/// Cuts bytes, as they arrive, into heads and bodies of the multiplexer's frames. A body is handed
/// out in the pieces that arrive; nothing is copied or kept but the numbers of the head.
///
/// A frame: a varint `channel << 3 | type`, a varint length, a body.
final class FrameReader {
  /// A frame that opens a channel; its body is a name.
  static final int OPEN = 0;

  /// Bytes on a channel of the receiver of the frame.
  static final int DATA_BACK = 1;

  /// Bytes on a channel of the sender of the frame.
  static final int DATA = 2;

  /// The end of [#DATA_BACK]; the answer to [#END].
  static final int END_BACK = 3;

  /// The end of [#DATA].
  static final int END = 4;

  /// Breaks a channel of the receiver of the frame.
  static final int DESTROY_BACK = 5;

  /// Breaks a channel of the sender of the frame.
  static final int DESTROY = 6;

  /// Bits of the type in a head.
  static final int TYPE_BITS = 3;

  private static final int TYPES = (1 << TYPE_BITS) - 1;
  private static final int DIGIT_BITS = 7;
  private static final int DIGIT = (1 << DIGIT_BITS) - 1;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private long number; // as much of a varint as is there
  private int digits;
  private int head = -1; // of the current frame; negative: not there yet
  private int left = -1; // bytes of its body that are still to come; negative: not known yet
  private ByteBuffer piece = NOTHING;

  /// Goes on to the next piece of a body; a frame without a body has one empty piece.
  ///
  /// @param in what arrived; its position moves
  /// @return whether there is one; if not, all of `in` is used up
  /// @throws MalformedMessage if a number is too long or too large, or the body would be; nothing
  ///     more can be read of that stream
  boolean next(ByteBuffer in) throws MalformedMessage {
    if (left == 0) { // the frame before is over
      head = -1;
      left = -1;
    }
    if (left < 0 && !readHead(in)) {
      return false;
    }
    if (left > 0 && !in.hasRemaining()) {
      return false;
    }
    int length = Math.min(left, in.remaining());
    piece = length == 0 ? NOTHING : in.slice(in.position(), length);
    in.position(in.position() + length);
    left -= length;
    return true;
  }

  private boolean readHead(ByteBuffer in) throws MalformedMessage {
    if (head < 0) {
      if (!readNumber(in)) {
        return false;
      }
      // JavaScript shifts it as a signed number of 32 bits
      head = taken(Integer.MAX_VALUE, "a channel number beyond any sense");
    }
    if (!readNumber(in)) {
      return false;
    }
    left =
        type() == OPEN
            ? taken(PxpLimits.NAME_BYTES_MAX, "a name too long for a stream")
            : taken(PxpLimits.FRAME_BYTES_TAKEN_MAX, "a frame too long");
    return true;
  }

  /// The varint that is complete, if it is not too large.
  private int taken(int max, String problem) throws MalformedMessage {
    long value = number;
    number = 0;
    digits = 0;
    if (value > max) {
      throw new MalformedMessage(problem + ": " + value);
    }
    return (int) value;
  }

  private boolean readNumber(ByteBuffer in) throws MalformedMessage {
    while (in.hasRemaining()) {
      int digit = in.get();
      number |= (long) (digit & DIGIT) << (DIGIT_BITS * digits);
      digits++;
      if (digit >= 0) {
        return true;
      }
      if (digits == PxpLimits.VARINT_BYTES_MAX) {
        throw new MalformedMessage("a number without an end in a frame's head");
      }
    }
    return false;
  }

  /// The current frame's type, 0 to 7.
  int type() {
    return head & TYPES;
  }

  /// The current frame's channel, below 2^28.
  int channel() {
    return head >>> TYPE_BITS;
  }

  /// The current piece, a slice of the input.
  ByteBuffer piece() {
    return piece;
  }

  /// Whether the frame ends with this piece.
  boolean last() {
    return left == 0;
  }
}
