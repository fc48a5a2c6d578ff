package peerage.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;

/// A message of the metadata extension (BEP 9). The metadata is the `info` dictionary of a torrent,
/// in blocks of [#BLOCK_SIZE].
public sealed interface MetadataMessage {
  /// The extension's name in the `m` of the extension handshake.
  String NAME = "ut_metadata";

  /// Bytes of every block but the last (BEP 9).
  int BLOCK_SIZE = 16 * 1024;

  /// The largest metadata that is fetched, in bytes: rTorrent's bound, and that of a `.torrent`.
  int MAX_SIZE = Metainfo.MAX_INFO_SIZE;

  /// Which block, from 0.
  int block();

  /// "Send me this block."
  record Request(int block) implements MetadataMessage {}

  /// A block.
  ///
  /// @param totalSize of the metadata in bytes; 0 if not said
  /// @param bytes ours to keep, not to change
  @SuppressWarnings("ArrayRecordComponent") // decoded in place, not copied; equality is given below
  record Data(int block, int totalSize, byte[] bytes) implements MetadataMessage {
    @Override
    public boolean equals(Object other) {
      return other instanceof Data(int thatBlock, int thatSize, var those)
          && block == thatBlock
          && totalSize == thatSize
          && Arrays.equals(bytes, those);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * block + totalSize) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Data[" + block + ", of " + totalSize + ", " + bytes.length + " bytes]";
    }
  }

  /// "I do not have this block, or have sent it often enough."
  record Reject(int block) implements MetadataMessage {}

  /// How many blocks metadata of this size has.
  static int blocks(int size) {
    return (int) (((long) size + BLOCK_SIZE - 1) / BLOCK_SIZE);
  }

  /// Bytes of one block of metadata of this size.
  static int blockLength(int size, int block) {
    return Math.min(BLOCK_SIZE, size - block * BLOCK_SIZE);
  }

  /// The payload of the extended message.
  default byte[] encode() {
    var dict = Bencoded.Dict.builder().put("piece", block());
    return switch (this) {
      case Request _ -> dict.put("msg_type", 0).build().encode();
      case Reject _ -> dict.put("msg_type", 2).build().encode();
      case Data(int _, int totalSize, byte[] bytes) -> {
        byte[] head = dict.put("msg_type", 1).put("total_size", totalSize).build().encode();
        byte[] whole = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, whole, head.length, bytes.length);
        yield whole;
      }
    };
  }

  /// Reads a payload.
  ///
  /// @return empty for a type that we do not know. BEP 9: "an unrecognized message ID MUST be
  ///     ignored"
  /// @throws MalformedMessage if the payload does not begin with a dictionary of such a message
  static Optional<MetadataMessage> decode(byte[] payload) throws MalformedMessage {
    ByteBuffer in = ByteBuffer.wrap(payload);
    Bencoded.Dict dict = BencodeReader.lenient(BencodeLimits.DEFAULT).readDict(in);
    long type = dict.integer("msg_type").orElseThrow(() -> malformed("a type"));
    if (type < 0 || type > 2) {
      return Optional.empty();
    }
    long block = dict.integer("piece").orElseThrow(() -> malformed("a block's number"));
    if (block < 0 || block >= blocks(MAX_SIZE)) {
      throw malformed("a possible block");
    }
    if (type == 1) {
      long size = dict.integer("total_size").orElse(0);
      if (size < 0 || size > MAX_SIZE || in.remaining() > BLOCK_SIZE) {
        throw malformed("a possible size");
      }
      byte[] bytes = Arrays.copyOfRange(payload, in.position(), payload.length);
      return Optional.of(new Data((int) block, (int) size, bytes));
    }
    return Optional.of(type == 0 ? new Request((int) block) : new Reject((int) block));
  }

  private static MalformedMessage malformed(String lacking) {
    return new MalformedMessage("a metadata message without " + lacking, 0);
  }
}
