package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.pieces.PieceSet;

/// An entry of a [ResumeLog]. On disk each is a frame: the length of its body and the CRC-32C of
/// its body, four bytes each, then the body, whose first byte is its type. All numbers are
/// big-endian.
sealed interface ResumeRecord {
  /// Bytes of a frame before its body.
  int FRAME_HEAD = 2 * Integer.BYTES;

  /// The longest boot id, in bytes; Linux has 36.
  int MAX_BOOT_ID = 64;

  /// The longest path of a directory, in bytes: PATH_MAX of Linux.
  int MAX_DIRECTORY = 4096;

  /// "PGRESUME".
  long MAGIC = 0x5047_5245_5355_4D45L;

  byte VERSION = 1;

  byte HEADER = 1;
  byte SNAPSHOT = 2;
  byte PIECE = 3;
  byte ALIVE = 4;

  /// Which log it is; the first record, and only the first.
  ///
  /// @param directory where the torrent's files are
  /// @param bootId of the system's run in which the log was written, empty if it is not known
  record Header(InfoHash infoHash, int pieces, int files, String directory, String bootId)
      implements ResumeRecord {}

  /// Everything at one moment.
  ///
  /// @param doubtful pieces that may be on disk; empty in a CHECKPOINT
  /// @param marks about the files; [FileMarks#NONE] in a CHECKPOINT
  record Snapshot(Kind kind, long wallMillis, PieceSet have, PieceSet doubtful, FileMarks marks)
      implements ResumeRecord {
    /// Why it was taken.
    enum Kind {
      /// The log was opened, or written anew. It replaces what was before.
      OPEN(0),
      /// These pieces were made durable. It adds to what was before.
      CHECKPOINT(1),
      /// These pieces were made durable, and nobody writes any more. It replaces what was before.
      CLEAN(2);

      private final byte code;

      Kind(int code) {
        this.code = (byte) code;
      }

      private static Kind of(byte code) throws MalformedMessage {
        for (Kind kind : values()) {
          if (kind.code == code) {
            return kind;
          }
        }
        throw new MalformedMessage("there is no snapshot " + code, 1);
      }
    }
  }

  /// A piece is on disk, and good.
  record Piece(int index, long wallMillis) implements ResumeRecord {}

  /// We are about to write to the files.
  record Alive(long wallMillis) implements ResumeRecord {}

  /// Bytes of the longest frame that a torrent's log can have.
  static int maxFrame(int pieces, int files) {
    int header = 64 + MAX_BOOT_ID + MAX_DIRECTORY;
    return FRAME_HEAD + Math.max(header, snapshotBytes(pieces, files));
  }

  private static int snapshotBytes(int pieces, int files) {
    return 2 + Long.BYTES + 2 * bitBytes(pieces) + FileMarks.bytes(files);
  }

  private static int bitBytes(int pieces) {
    return (int) ((pieces + 7L) >>> 3);
  }

  /// The frame, ready to be written.
  default ByteBuffer toFrame() {
    ByteBuffer body = body().flip();
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEAD + body.remaining());
    frame.putInt(body.remaining()).putInt(crc(body.duplicate())).put(body);
    return frame.flip();
  }

  static int crc(ByteBuffer body) {
    var crc = new CRC32C();
    crc.update(body);
    return (int) crc.getValue();
  }

  private ByteBuffer body() {
    return switch (this) {
      case Header header -> encode(header);
      case Snapshot snapshot -> encode(snapshot);
      case Piece piece ->
          ByteBuffer.allocate(13).put(PIECE).putInt(piece.index).putLong(piece.wallMillis);
      case Alive alive -> ByteBuffer.allocate(9).put(ALIVE).putLong(alive.wallMillis);
    };
  }

  private static ByteBuffer encode(Header header) {
    byte[] bootId = header.bootId.getBytes(UTF_8);
    byte[] directory = header.directory.getBytes(UTF_8);
    return ByteBuffer.allocate(64 + bootId.length + directory.length)
        .put(HEADER)
        .putLong(MAGIC)
        .put(VERSION)
        .put(header.infoHash.bytes())
        .putInt(header.pieces)
        .putInt(header.files)
        .putShort((short) bootId.length)
        .put(bootId)
        .putShort((short) directory.length)
        .put(directory);
  }

  private static ByteBuffer encode(Snapshot snapshot) {
    byte[] have = snapshot.have.toWire();
    byte[] doubtful = isBrief(snapshot.kind) ? new byte[0] : snapshot.doubtful.toWire();
    ByteBuffer out =
        ByteBuffer.allocate(10 + have.length + doubtful.length + snapshot.marks.bytes());
    out.put(SNAPSHOT).put(snapshot.kind.code).putLong(snapshot.wallMillis);
    out.put(have).put(doubtful);
    snapshot.marks.putTo(out);
    return out;
  }

  private static boolean isBrief(Snapshot.Kind kind) {
    return kind == Snapshot.Kind.CHECKPOINT;
  }

  /// Reads the body of a frame whose CRC was right.
  ///
  /// @param pieces how many the torrent has
  /// @param files how many the torrent has
  /// @throws MalformedMessage if it is no record of this torrent's log
  static ResumeRecord decode(ByteBuffer body, int pieces, int files) throws MalformedMessage {
    require(body, 1);
    return switch (body.get()) {
      case HEADER -> decodeHeader(body);
      case SNAPSHOT -> decodeSnapshot(body, pieces, files);
      case PIECE -> {
        requireExactly(body, 12);
        var piece = new Piece(body.getInt(), body.getLong());
        if (piece.index < 0 || piece.index >= pieces) {
          throw new MalformedMessage("there is no piece " + piece.index, 1);
        }
        yield piece;
      }
      case ALIVE -> {
        requireExactly(body, 8);
        yield new Alive(body.getLong());
      }
      default -> throw new MalformedMessage("this type of record is unknown", 0);
    };
  }

  private static Header decodeHeader(ByteBuffer body) throws MalformedMessage {
    require(body, 9 + 20 + 8);
    if (body.getLong() != MAGIC || body.get() != VERSION) {
      throw new MalformedMessage("this is no log that we write", 1);
    }
    byte[] hash = new byte[20];
    body.get(hash);
    int pieces = body.getInt();
    int files = body.getInt();
    String bootId = text(body, MAX_BOOT_ID);
    String directory = text(body, MAX_DIRECTORY);
    requireExactly(body, 0);
    return new Header(InfoHash.of(hash), pieces, files, directory, bootId);
  }

  private static String text(ByteBuffer body, int max) throws MalformedMessage {
    require(body, Short.BYTES);
    int length = Short.toUnsignedInt(body.getShort());
    if (length > max) {
      throw new MalformedMessage("a text of " + length + " bytes", body.position());
    }
    require(body, length);
    byte[] bytes = new byte[length];
    body.get(bytes);
    return new String(bytes, UTF_8);
  }

  private static Snapshot decodeSnapshot(ByteBuffer body, int pieces, int files)
      throws MalformedMessage {
    require(body, 1 + Long.BYTES);
    Snapshot.Kind kind = Snapshot.Kind.of(body.get());
    long wall = body.getLong();
    if (isBrief(kind)) {
      requireExactly(body, bitBytes(pieces));
      return new Snapshot(kind, wall, bits(body, pieces), new PieceSet(pieces), FileMarks.NONE);
    }
    requireExactly(body, 2 * bitBytes(pieces) + FileMarks.bytes(files));
    PieceSet have = bits(body, pieces);
    PieceSet doubtful = bits(body, pieces);
    return new Snapshot(kind, wall, have, doubtful, FileMarks.readFrom(body, files));
  }

  private static PieceSet bits(ByteBuffer body, int pieces) throws MalformedMessage {
    byte[] bits = new byte[bitBytes(pieces)];
    body.get(bits);
    return PieceSet.fromWire(bits, pieces);
  }

  private static void require(ByteBuffer body, int bytes) throws MalformedMessage {
    if (body.remaining() < bytes) {
      throw new MalformedMessage("the record is too short", body.position());
    }
  }

  private static void requireExactly(ByteBuffer body, int bytes) throws MalformedMessage {
    if (body.remaining() != bytes) {
      throw new MalformedMessage("the record is of a wrong length", body.position());
    }
  }
}
