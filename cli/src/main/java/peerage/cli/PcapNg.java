package peerage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// A capture in Wireshark's format (draft-ietf-opsawg-pcapng): blocks, of which sections,
/// interfaces and packets are read and the others passed over.
final class PcapNg implements Packets {
  /// What such a file begins with; the same in both byte orders.
  static final int MAGIC = 0x0A0D0D0A;

  private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
  private static final int INTERFACE = 1;
  private static final int OLD_PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int ENHANCED_PACKET = 6;

  /// A block's type and length; at its end stands the length once more.
  private static final int HEADER_SIZE = 8;

  private static final int TRAILER_SIZE = 4;

  /// The longest block that is read as a whole: a packet with its options (guess).
  private static final int MAX_BLOCK = 2 * MAX_PACKET;

  /// Interfaces of a section at most (guess: a host has a few).
  private static final int MAX_INTERFACES = 1_000;

  private static final int OPTION_RESOLUTION = 9;
  private static final int OPTION_OFFSET = 14;
  private static final int MICROSECONDS = 6;
  private static final int EXACT_RESOLUTION = 9; // nanoseconds, the finest that Instant has
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long LAST_NANO = NANOS_PER_SECOND - 1;

  /// Beyond it a time is nonsense: the year 36812. `Instant` ends far later.
  private static final long MAX_SECONDS = 1L << 40;

  private record Interface(int linkType, int resolution, long offset) {}

  private final CaptureBytes in;
  private final List<Interface> interfaces = new ArrayList<>();
  private Instant latest = Instant.EPOCH;

  private PcapNg(CaptureBytes in) {
    this.in = in;
  }

  static PcapNg open(InputStream stream) {
    return new PcapNg(new CaptureBytes(stream));
  }

  @Override
  public boolean isCutOff() {
    return in.isCutOff();
  }

  @Override
  public Optional<Packet> next() throws IOException, MalformedMessage {
    Optional<ByteBuffer> header = in.read(HEADER_SIZE);
    while (header.isPresent()) {
      int type = header.get().getInt(0);
      if (type == MAGIC) {
        beginSection(header.get());
      } else {
        Optional<Packet> packet = readBlock(type, bodyLength(header.get()));
        if (packet.isPresent()) {
          latest = packet.get().at();
          return packet;
        }
      }
      header = in.read(HEADER_SIZE);
    }
    return Optional.empty();
  }

  /// A section says in which order its numbers are, that of its own length before it included;
  /// interfaces are counted anew in it.
  private void beginSection(ByteBuffer header) throws IOException, MalformedMessage {
    Optional<ByteBuffer> read = in.readRest(4);
    if (read.isEmpty()) {
      return;
    }
    int magic = read.get().order(ByteOrder.BIG_ENDIAN).getInt(0);
    if (magic != BYTE_ORDER_MAGIC && Integer.reverseBytes(magic) != BYTE_ORDER_MAGIC) {
      throw in.malformed("a section without a byte order");
    }
    ByteOrder order = magic == BYTE_ORDER_MAGIC ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    in.order(order);
    interfaces.clear();
    in.skip(Math.max(0, bodyLength(header.order(order)) - 4L) + TRAILER_SIZE);
  }

  private int bodyLength(ByteBuffer header) throws MalformedMessage {
    int length = header.getInt(4);
    if (length < HEADER_SIZE + TRAILER_SIZE || length % 4 != 0) {
      throw in.malformed("a block of " + Integer.toUnsignedString(length) + " bytes");
    }
    return length - HEADER_SIZE - TRAILER_SIZE;
  }

  private Optional<Packet> readBlock(int type, int length) throws IOException, MalformedMessage {
    boolean wanted =
        type == INTERFACE || type == OLD_PACKET || type == SIMPLE_PACKET || type == ENHANCED_PACKET;
    if (!wanted) {
      in.skip((long) length + TRAILER_SIZE);
      return Optional.empty();
    }
    if (length > MAX_BLOCK) {
      throw in.malformed("a packet's block of " + length + " bytes");
    }
    Optional<ByteBuffer> body = in.readRest(length);
    in.skip(TRAILER_SIZE);
    return body.isPresent() ? readBody(type, body.get()) : Optional.empty();
  }

  private Optional<Packet> readBody(int type, ByteBuffer body) throws MalformedMessage {
    try {
      return switch (type) {
        case INTERFACE -> {
          addInterface(body);
          yield Optional.empty();
        }
        case SIMPLE_PACKET -> Optional.of(simplePacket(body));
        case OLD_PACKET -> Optional.of(packet(Short.toUnsignedInt(body.getShort(0)), body));
        default -> Optional.of(packet(body.getInt(0), body));
      };
    } catch (BufferUnderflowException | IndexOutOfBoundsException _) {
      throw in.malformed("a block of too few bytes");
    }
  }

  private void addInterface(ByteBuffer body) throws MalformedMessage {
    if (interfaces.size() >= MAX_INTERFACES) {
      throw in.malformed("more than " + MAX_INTERFACES + " interfaces");
    }
    int linkType = Short.toUnsignedInt(body.getShort(0));
    int resolution = MICROSECONDS;
    long offset = 0;
    body.position(8);
    while (body.remaining() >= 4) {
      int option = Short.toUnsignedInt(body.getShort());
      int length = Short.toUnsignedInt(body.getShort());
      int start = body.position();
      if (option == 0) {
        break;
      }
      if (option == OPTION_RESOLUTION && length == 1) {
        resolution = Byte.toUnsignedInt(body.get(start));
      } else if (option == OPTION_OFFSET && length == 8) {
        offset = body.getLong(start);
      }
      body.position(Math.min(body.limit(), start + (length + 3) / 4 * 4)); // padded to 32 bits
    }
    interfaces.add(new Interface(linkType, resolution, offset));
  }

  private Interface at(int number) throws MalformedMessage {
    if (number < 0 || number >= interfaces.size()) {
      throw in.malformed("a packet of an interface that is not described");
    }
    return interfaces.get(number);
  }

  private Packet packet(int number, ByteBuffer body) throws MalformedMessage {
    Interface from = at(number);
    long ticks = (long) body.getInt(4) << 32 | Integer.toUnsignedLong(body.getInt(8));
    return packet(from, time(ticks, from), body.position(20), body.getInt(12), body.getInt(16));
  }

  /// It has no time of its own, so it gets that of the packet before it.
  private Packet simplePacket(ByteBuffer body) throws MalformedMessage {
    int length = body.getInt();
    return packet(at(0), latest, body, Math.min(Math.max(0, length), body.remaining()), length);
  }

  private Packet packet(Interface from, Instant at, ByteBuffer rest, int kept, int length)
      throws MalformedMessage {
    if (kept < 0 || kept > rest.remaining()) {
      throw in.malformed("a packet of " + Integer.toUnsignedString(kept) + " bytes");
    }
    ByteBuffer bytes = rest.slice(rest.position(), kept);
    return new Packet(at, from.linkType, bytes, Math.max(0, length - kept));
  }

  /// A resolution is a power of ten, or of two if its highest bit is set.
  private static Instant time(long ticks, Interface from) {
    int power = from.resolution & 0x7F;
    double units = from.resolution > 0x7F ? Math.scalb(1.0, power) : Math.pow(10, power);
    double seconds = unsigned(ticks) / units;
    if (seconds > MAX_SECONDS || from.offset > MAX_SECONDS || from.offset < -MAX_SECONDS) {
      return Instant.EPOCH;
    }
    long whole = (long) seconds;
    // Whole seconds are exact in a double, and so is what is left of the ticks.
    double left = unsigned(ticks) - whole * units;
    boolean isExact = from.resolution <= EXACT_RESOLUTION;
    long nanos =
        isExact ? exactNanos(ticks, power) : Math.clamp((long) (left / units * 1e9), 0, LAST_NANO);
    return Instant.ofEpochSecond(whole + from.offset, nanos);
  }

  private static long exactNanos(long ticks, int power) {
    long units = Math.powExact(10L, power);
    return Long.remainderUnsigned(ticks, units) * (NANOS_PER_SECOND / units);
  }

  private static double unsigned(long number) {
    return number >= 0 ? number : (number >>> 1) * 2.0;
  }
}
