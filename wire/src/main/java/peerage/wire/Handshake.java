package peerage.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerId;

/// The 68 bytes that open a connection in each direction (BEP 3).
///
/// @param reserved the eight reserved bytes as one big-endian number
/// @param infoHash the swarm
/// @param peerId the sender
public record Handshake(long reserved, InfoHash infoHash, PeerId peerId) {
  /// Bytes on the wire.
  public static final int SIZE = 68;

  /// Bytes before the reserved ones: a length and a name.
  public static final int PREFIX_SIZE = 20;

  /// Speaks the extension protocol: byte 5, 0x10 (BEP 10).
  public static final long EXTENSIONS = 0x10L << 16;

  /// Speaks the fast extension: byte 7, 0x04 (BEP 6).
  public static final long FAST = 0x04L;

  /// Has a node of the DHT: "Peers supporting the DHT set the last bit of the 8-byte reserved
  /// flags" (BEP 5).
  public static final long DHT = 0x01L;

  private static final byte[] PREFIX =
      "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

  /// Our own handshake: extension protocol and fast extension.
  public static Handshake ours(InfoHash infoHash, PeerId peerId) {
    return new Handshake(EXTENSIONS | FAST, infoHash, peerId);
  }

  /// This handshake with one more bit.
  ///
  /// @param bit [#DHT], say
  public Handshake with(long bit) {
    return new Handshake(reserved | bit, infoHash, peerId);
  }

  /// Whether the sender speaks what the bit stands for.
  ///
  /// @param bit [#EXTENSIONS], [#FAST] or [#DHT]
  public boolean supports(long bit) {
    return (reserved & bit) != 0;
  }

  /// The 68 bytes.
  public byte[] encode() {
    return ByteBuffer.allocate(SIZE)
        .put(PREFIX)
        .putLong(reserved)
        .put(infoHash.bytes())
        .put(peerId.bytes())
        .array();
  }

  /// Reads 68 bytes.
  ///
  /// @throws MalformedMessage if they begin otherwise, or are fewer
  public static Handshake decode(ByteBuffer in) throws MalformedMessage {
    if (in.remaining() < SIZE) {
      throw new MalformedMessage("a handshake of " + in.remaining() + " bytes", in.position());
    }
    byte[] prefix = bytes(in, PREFIX_SIZE);
    if (!Arrays.equals(prefix, PREFIX)) {
      throw new MalformedMessage("no BitTorrent handshake", in.position() - PREFIX_SIZE);
    }
    return new Handshake(in.getLong(), InfoHash.of(bytes(in, 20)), PeerId.of(bytes(in, 20)));
  }

  private static byte[] bytes(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }
}
