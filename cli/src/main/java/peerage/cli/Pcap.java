package peerage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// A capture in libpcap's own format (draft-ietf-opsawg-pcap), in either byte order, with times in
/// microseconds or nanoseconds.
final class Pcap implements Packets {
  private static final int MICROSECONDS = 0xA1B2C3D4;
  private static final int NANOSECONDS = 0xA1B23C4D;
  private static final int HEADER_SIZE = 24;
  private static final int RECORD_HEADER_SIZE = 16;
  private static final int LINK_TYPE_MASK = 0xFFFF; // above it, what follows the packet
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final CaptureBytes in;
  private final int linkType;
  private final long fraction;

  private Pcap(CaptureBytes in, int linkType, long fraction) {
    this.in = in;
    this.linkType = linkType;
    this.fraction = fraction;
  }

  /// Whether a file that begins with these four bytes, big-endian, is one.
  static boolean begins(int magic) {
    int turned = Integer.reverseBytes(magic);
    return isMagic(magic) || isMagic(turned);
  }

  private static boolean isMagic(int magic) {
    return magic == MICROSECONDS || magic == NANOSECONDS;
  }

  /// Reads the header.
  ///
  /// @throws MalformedMessage if there is none
  static Pcap open(InputStream stream) throws IOException, MalformedMessage {
    var in = new CaptureBytes(stream);
    ByteBuffer header =
        in.read(HEADER_SIZE).orElseThrow(() -> in.malformed("the header is cut off"));
    if (!isMagic(header.getInt(0))) {
      header.order(ByteOrder.LITTLE_ENDIAN);
      in.order(ByteOrder.LITTLE_ENDIAN);
    }
    int magic = header.getInt(0);
    if (!isMagic(magic)) {
      throw in.malformed("no capture");
    }
    int linkType = header.getInt(20) & LINK_TYPE_MASK;
    return new Pcap(in, linkType, magic == NANOSECONDS ? 1 : 1_000);
  }

  @Override
  public Optional<Packet> next() throws IOException, MalformedMessage {
    Optional<ByteBuffer> read = in.read(RECORD_HEADER_SIZE);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    ByteBuffer header = read.get();
    long seconds = Integer.toUnsignedLong(header.getInt());
    long nanos = Integer.toUnsignedLong(header.getInt()) * fraction;
    int kept = header.getInt();
    int length = header.getInt();
    if (kept < 0 || kept > MAX_PACKET) {
      throw in.malformed("a packet of " + Integer.toUnsignedString(kept) + " bytes");
    }
    Instant at = Instant.ofEpochSecond(seconds, Math.min(nanos, NANOS_PER_SECOND - 1));
    return in.readRest(kept)
        .map(bytes -> new Packet(at, linkType, bytes, Math.max(0, length - kept)));
  }

  @Override
  public boolean isCutOff() {
    return in.isCutOff();
  }
}
