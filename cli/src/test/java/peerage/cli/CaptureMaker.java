package peerage.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;

/// Makes captures of a connection, in every format that is read.
final class CaptureMaker {
  static final Instant START = Instant.parse("2026-01-02T03:04:05.123456Z");
  static final PeerAddress DIALLER = address("10.0.0.1:40000");
  static final PeerAddress DIALLED = address("10.0.0.2:6881");
  static final InfoHash TORRENT = InfoHash.of(new byte[20]);

  /// One packet: its time, and the IP packet.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sent(Instant at, byte[] ip, int kept) {}

  final List<Sent> packets = new ArrayList<>();
  private final PeerAddress dialler;
  private final PeerAddress dialled;
  private Instant now = START;
  private int diallerNext = 0xFFFF_FF00; // so that the numbers wrap
  private int dialledNext = 7;

  CaptureMaker() {
    this(DIALLER, DIALLED);
  }

  CaptureMaker(PeerAddress dialler, PeerAddress dialled) {
    this.dialler = dialler;
    this.dialled = dialled;
  }

  static PeerAddress address(String text) {
    return PeerAddress.parse(text).orElseThrow();
  }

  /// Both handshakes of TCP, of BitTorrent and of the extension protocol; the dialler takes
  /// `ut_pex` as 3, the dialled one as 5.
  CaptureMaker greet() {
    connect();
    byte[] handshake = Handshake.ours(TORRENT, PeerId.of(new byte[20])).encode();
    say(dialler, handshake);
    say(dialled, handshake);
    say(dialler, extended(0, offer(3, OptionalInt.of(51413), "Dialler 1.0")));
    say(dialled, extended(0, offer(5, OptionalInt.empty(), "Dialled 2.0")));
    return this;
  }

  CaptureMaker connect() {
    add(dialler, Segment.SYN, diallerNext++, new byte[0]);
    add(dialled, Segment.SYN | Segment.ACK, dialledNext++, new byte[0]);
    return this;
  }

  CaptureMaker later(int seconds) {
    now = now.plusSeconds(seconds);
    return this;
  }

  /// Sends bytes in one segment.
  CaptureMaker say(PeerAddress from, byte[] bytes) {
    add(from, Segment.ACK, from.equals(dialler) ? diallerNext : dialledNext, bytes);
    return pass(from, bytes.length);
  }

  /// Sends bytes that the capture does not see.
  CaptureMaker pass(PeerAddress from, int count) {
    if (from.equals(dialler)) {
      diallerNext += count;
    } else {
      dialledNext += count;
    }
    return this;
  }

  private void add(PeerAddress from, int flags, int sequence, byte[] bytes) {
    now = now.plusMillis(1);
    byte[] ip = packet(from, from.equals(dialler) ? dialled : dialler, flags, sequence, bytes);
    packets.add(new Sent(now, ip, ip.length));
  }

  static byte[] offer(int number, OptionalInt port, String client) {
    var handshake =
        new ExtensionHandshake(
            new java.util.TreeMap<>(Map.of("ut_pex", number, "ut_metadata", 9)),
            port,
            java.util.Optional.of(client),
            OptionalInt.empty(),
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            false);
    return handshake.encode();
  }

  static byte[] extended(int number, byte[] payload) {
    return ByteBuffer.allocate(6 + payload.length)
        .putInt(payload.length + 2)
        .put((byte) 20)
        .put((byte) number)
        .put(payload)
        .array();
  }

  /// A PEX message that adds `9.9.9.n:6881` for each n.
  static byte[] adding(int... hosts) {
    var text = new StringBuilder("d5:added" + 6 * hosts.length + ":");
    for (int host : hosts) {
      text.append("\t\t\t").append((char) host).append("\u001a\u00e1"); // 9.9.9. and 6881
    }
    text.append("7:added.f").append(hosts.length).append(":").append("\0".repeat(hosts.length));
    return (text + "e").getBytes(ISO_8859_1);
  }

  private static byte[] packet(
      PeerAddress from, PeerAddress to, int flags, int sequence, byte[] bytes) {
    boolean v4 = from.family() == Family.V4;
    int header = v4 ? 20 : 40;
    ByteBuffer packet = ByteBuffer.allocate(header + 20 + bytes.length);
    if (v4) {
      packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.limit()).putInt(0);
      packet.put((byte) 64).put((byte) 6).putShort((short) 0);
    } else {
      packet.putInt(0x6000_0000).putShort((short) (20 + bytes.length)).put((byte) 6).put((byte) 9);
    }
    packet.put(from.ip().bytes()).put(to.ip().bytes());
    packet.putShort((short) from.port()).putShort((short) to.port()).putInt(sequence).putInt(0);
    packet.put((byte) 0x50).put((byte) flags).putShort((short) 100).putInt(0).put(bytes);
    return packet.array();
  }

  /// What stands before an IP packet on a link of this type.
  private static byte[] link(int type, byte[] ip) {
    boolean v4 = ip[0] >>> 4 == 4;
    short ethertype = (short) (v4 ? 0x0800 : 0x86DD);
    ByteBuffer head =
        switch (type) {
          case 0, 108 -> ByteBuffer.allocate(4).putInt(v4 ? 2 : 30);
          case 1 ->
              ByteBuffer.allocate(18)
                  .put(new byte[12])
                  .putShort((short) 0x8100)
                  .putShort((short) 5)
                  .putShort(ethertype);
          case 113 -> ByteBuffer.allocate(16).put(new byte[14]).putShort(ethertype);
          case 276 -> ByteBuffer.allocate(20).putShort(ethertype).put(new byte[18]);
          default -> ByteBuffer.allocate(0);
        };
    int padding = type == 1 ? 3 : 0; // Ethernet fills short frames up
    return ByteBuffer.allocate(head.capacity() + ip.length + padding)
        .put(head.array())
        .put(ip)
        .array();
  }

  /// A classic capture.
  byte[] pcap(int linkType, ByteOrder order, boolean nanoseconds) {
    var out = new ByteArrayOutputStream();
    int magic = nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4;
    out.writeBytes(
        ByteBuffer.allocate(24)
            .order(order)
            .putInt(magic)
            .putInt(0x0004_0002)
            .putLong(0)
            .putInt(65535)
            .putInt(linkType)
            .array());
    for (Sent packet : packets) {
      byte[] bytes = link(linkType, packet.ip);
      int kept = bytes.length - (packet.ip.length - packet.kept);
      out.writeBytes(
          ByteBuffer.allocate(16 + kept)
              .order(order)
              .putInt((int) packet.at.getEpochSecond())
              .putInt(packet.at.getNano() / (nanoseconds ? 1 : 1000))
              .putInt(kept)
              .putInt(bytes.length)
              .put(bytes, 0, kept)
              .array());
    }
    return out.toByteArray();
  }

  byte[] pcap() {
    return pcap(101, ByteOrder.LITTLE_ENDIAN, false);
  }

  /// A capture in Wireshark's format, with times in nanoseconds, and a block that is unknown.
  byte[] pcapng(int linkType, ByteOrder order) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        block(0x0A0D0D0A, order, b -> b.putInt(0x1A2B3C4D).putInt(1).putLong(-1).putInt(0)));
    out.writeBytes(
        block(
            1,
            order,
            b -> {
              b.putShort((short) linkType).putShort((short) 0).putInt(0);
              b.putShort((short) 9).putShort((short) 1).put((byte) 9).put(new byte[3]).putInt(0);
            }));
    out.writeBytes(block(0x0BAD, order, b -> b.putInt(0)));
    for (Sent packet : packets) {
      byte[] bytes = link(linkType, packet.ip);
      long ticks = packet.at.getEpochSecond() * 1_000_000_000L + packet.at.getNano();
      out.writeBytes(
          block(
              6,
              order,
              b -> {
                b.putInt(0).putInt((int) (ticks >>> 32)).putInt((int) ticks);
                b.putInt(bytes.length).putInt(bytes.length).put(bytes);
                b.put(new byte[(4 - bytes.length % 4) % 4]);
              }));
    }
    return out.toByteArray();
  }

  private static byte[] block(
      int type, ByteOrder order, java.util.function.Consumer<ByteBuffer> content) {
    ByteBuffer body = ByteBuffer.allocate(70_000).order(order);
    content.accept(body);
    int length = body.position() + 12;
    return ByteBuffer.allocate(length)
        .order(order)
        .putInt(type)
        .putInt(length)
        .put(body.flip())
        .putInt(length)
        .array();
  }
}
