package peerage.wire;

import java.nio.ByteBuffer;
import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// Cuts a stream of bytes into [Message]s and back: a four-byte length, a one-byte id, a payload
/// (BEP 3).
public final class Frames {
  /// The longest frame that is not a bitfield, in bytes after the length: a request of
  /// [Block#MAX_SIZE] answered, and more than any extension message that is meant well (the largest
  /// PEX message seen has 5 KB; libtorrent closes at 500 KB, rTorrent at 32 KB).
  public static final int MAX_LENGTH = Block.MAX_SIZE + 16;

  /// Bytes of the length field.
  public static final int LENGTH_SIZE = 4;

  private static final int CHOKE = 0;
  private static final int UNCHOKE = 1;
  private static final int INTERESTED = 2;
  private static final int NOT_INTERESTED = 3;
  private static final int HAVE = 4;
  private static final int BITFIELD = 5;
  private static final int REQUEST = 6;
  private static final int PIECE = 7;
  private static final int CANCEL = 8;
  private static final int PORT = 9;
  private static final int SUGGEST = 0x0D;
  private static final int HAVE_ALL = 0x0E;
  private static final int HAVE_NONE = 0x0F;
  private static final int REJECT = 0x10;
  private static final int ALLOWED_FAST = 0x11;
  private static final int EXTENDED = 20;

  private static final int BLOCK_LENGTH = 13; // id and three ints

  private Frames() {}

  /// The longest frame of a connection about a torrent of this many pieces, in bytes after the
  /// length field.
  public static int maxLength(int pieces) {
    return Math.max(MAX_LENGTH, 1 + (pieces + 7) / 8);
  }

  /// Bytes that the next frame occupies, its length field included.
  ///
  /// @return empty if the length field is not there yet
  /// @throws MalformedMessage if the frame would be longer than `maxLength`
  public static Optional<Integer> frameSize(ByteBuffer in, int maxLength) throws MalformedMessage {
    if (in.remaining() < LENGTH_SIZE) {
      return Optional.empty();
    }
    int length = in.getInt(in.position());
    if (length < 0 || length > maxLength) {
      throw new MalformedMessage(
          "a frame of " + Integer.toUnsignedString(length) + " bytes", in.position());
    }
    return Optional.of(LENGTH_SIZE + length);
  }

  /// Reads the next message, or leaves the position where it is until all of it is there.
  ///
  /// @param in big-endian, from its position to its limit
  /// @param maxLength of a frame, see [#maxLength(int)]
  /// @throws MalformedMessage if the frame is too long, its payload has the wrong length, or a
  ///     number in it is beyond any torrent; nothing more can be read of that stream
  public static Optional<Message> read(ByteBuffer in, int maxLength) throws MalformedMessage {
    Optional<Integer> size = frameSize(in, maxLength);
    if (size.isEmpty() || in.remaining() < size.get()) {
      return Optional.empty();
    }
    int length = in.getInt();
    if (length == 0) {
      return Optional.of(new Message.KeepAlive());
    }
    int end = in.position() + length;
    Message message = readBody(in, length);
    in.position(end);
    return Optional.of(message);
  }

  private static Message readBody(ByteBuffer in, int length) throws MalformedMessage {
    int start = in.position();
    int id = Byte.toUnsignedInt(in.get());
    if (!lengthFits(id, length)) {
      throw new MalformedMessage("message " + id + " with " + length + " bytes", start);
    }
    return switch (id) {
      case CHOKE -> new Message.Choke();
      case UNCHOKE -> new Message.Unchoke();
      case INTERESTED -> new Message.Interested();
      case NOT_INTERESTED -> new Message.NotInterested();
      case HAVE -> new Message.Have(number(in));
      case BITFIELD -> new Message.Bitfield(bytes(in, length - 1));
      case REQUEST -> new Message.Request(block(in));
      case PIECE -> piece(in, length);
      case CANCEL -> new Message.Cancel(block(in));
      case PORT -> new Message.Port(Short.toUnsignedInt(in.getShort()));
      case SUGGEST -> new Message.Suggest(number(in));
      case HAVE_ALL -> new Message.HaveAll();
      case HAVE_NONE -> new Message.HaveNone();
      case REJECT -> new Message.Reject(block(in));
      case ALLOWED_FAST -> new Message.AllowedFast(number(in));
      case EXTENDED -> new Message.Extended(Byte.toUnsignedInt(in.get()), bytes(in, length - 2));
      default -> new Message.Unknown(id, length);
    };
  }

  private static boolean lengthFits(int id, int length) {
    return switch (id) {
      case CHOKE, UNCHOKE, INTERESTED, NOT_INTERESTED, HAVE_ALL, HAVE_NONE -> length == 1;
      case HAVE, SUGGEST, ALLOWED_FAST -> length == 5;
      case REQUEST, CANCEL, REJECT -> length == BLOCK_LENGTH;
      case PIECE -> length >= 9;
      case PORT -> length == 3;
      case EXTENDED -> length >= 2;
      default -> true;
    };
  }

  private static Block block(ByteBuffer in) throws MalformedMessage {
    return new Block(number(in), number(in), number(in));
  }

  private static Message.Piece piece(ByteBuffer in, int length) throws MalformedMessage {
    int index = number(in);
    int begin = number(in);
    return new Message.Piece(index, begin, in.slice(in.position(), length - 9));
  }

  /// An index, offset or length: unsigned on the wire, but no torrent reaches 2^31.
  private static int number(ByteBuffer in) throws MalformedMessage {
    int number = in.getInt();
    if (number < 0) {
      int start = in.position() - Integer.BYTES;
      throw new MalformedMessage("the number " + Integer.toUnsignedString(number), start);
    }
    return number;
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /// Bytes that the message occupies on the wire, its length field included.
  public static int size(Message message) {
    return LENGTH_SIZE + length(message);
  }

  private static int length(Message message) {
    return switch (message) {
      case Message.KeepAlive _ -> 0;
      case Message.Choke _, Message.Unchoke _ -> 1;
      case Message.Interested _, Message.NotInterested _ -> 1;
      case Message.HaveAll _, Message.HaveNone _ -> 1;
      case Message.Have _, Message.Suggest _, Message.AllowedFast _ -> 5;
      case Message.Bitfield(var bits) -> 1 + bits.length;
      case Message.Request _, Message.Cancel _, Message.Reject _ -> BLOCK_LENGTH;
      case Message.Piece piece -> 9 + piece.data().remaining();
      case Message.Port _ -> 3;
      case Message.Extended(_, var payload) -> 2 + payload.length;
      case Message.Unknown unknown -> unknown.length();
    };
  }

  /// Appends a message.
  ///
  /// @param out big-endian, with room for [#size(Message)] bytes
  /// @throws IllegalArgumentException for [Message.Unknown], whose content nobody kept
  public static void write(Message message, ByteBuffer out) {
    if (message instanceof Message.Unknown) {
      throw new IllegalArgumentException("cannot write " + message);
    }
    out.putInt(length(message));
    switch (message) {
      case Message.KeepAlive _ -> {}
      case Message.Choke _ -> out.put((byte) CHOKE);
      case Message.Unchoke _ -> out.put((byte) UNCHOKE);
      case Message.Interested _ -> out.put((byte) INTERESTED);
      case Message.NotInterested _ -> out.put((byte) NOT_INTERESTED);
      case Message.Have(int piece) -> out.put((byte) HAVE).putInt(piece);
      case Message.Bitfield(var bits) -> out.put((byte) BITFIELD).put(bits);
      case Message.Request(Block block) -> write(REQUEST, block, out);
      case Message.Piece(int piece, int begin, ByteBuffer data) ->
          out.put((byte) PIECE).putInt(piece).putInt(begin).put(data.duplicate());
      case Message.Cancel(Block block) -> write(CANCEL, block, out);
      case Message.Port(int port) -> out.put((byte) PORT).putShort((short) port);
      case Message.Suggest(int piece) -> out.put((byte) SUGGEST).putInt(piece);
      case Message.HaveAll _ -> out.put((byte) HAVE_ALL);
      case Message.HaveNone _ -> out.put((byte) HAVE_NONE);
      case Message.Reject(Block block) -> write(REJECT, block, out);
      case Message.AllowedFast(int piece) -> out.put((byte) ALLOWED_FAST).putInt(piece);
      case Message.Extended(int id, var payload) ->
          out.put((byte) EXTENDED).put((byte) id).put(payload);
      case Message.Unknown _ -> {} // refused above
    }
  }

  /// Appends the head of a [Message.Piece] whose content the caller appends itself, straight from
  /// where it lies.
  ///
  /// @param block what follows: `block.length()` bytes
  /// @param out big-endian, with room for 13 bytes
  public static void writePieceHeader(Block block, ByteBuffer out) {
    out.putInt(9 + block.length()).put((byte) PIECE).putInt(block.piece()).putInt(block.begin());
  }

  private static void write(int id, Block block, ByteBuffer out) {
    out.put((byte) id).putInt(block.piece()).putInt(block.begin()).putInt(block.length());
  }
}
