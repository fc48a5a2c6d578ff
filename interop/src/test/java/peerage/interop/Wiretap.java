package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every packet of a host, as tcpdump sees it.
record Wiretap(Path file, Running process) {
  private static final int FILE_HEADER = 24;
  private static final int ETHERNET_HEADER = 14;
  private static final int TCP = 6;
  private static final int UDP = 17;

  /// What one packet carries over TCP or UDP.
  ///
  /// @param payload one `char` per byte
  record Packet(String from, String to, int fromPort, int toPort, boolean isUdp, String payload) {}

  /// Begins to listen; returns once nothing is missed any more.
  static Wiretap on(Lab lab, Host host) {
    lab.need(
        "tcpdump", Command.exists("tcpdump") ? Optional.empty() : Optional.of("not installed"));
    Path file = lab.folder("wiretap").resolve("packets");
    Running process =
        lab.start(
            host,
            "tcpdump",
            List.of("tcpdump", "-i", "eth0", "-U", "-Z", "root", "-w", file.toString()));
    process.await("the first bytes", () -> size(file) >= FILE_HEADER);
    return new Wiretap(file, process);
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What has been seen so far.
  List<Packet> packets() {
    var packets = new ArrayList<Packet>();
    ByteBuffer in = read().order(ByteOrder.LITTLE_ENDIAN).position(FILE_HEADER);
    while (in.remaining() >= 16) {
      int length = in.getInt(in.position() + 8);
      if (in.remaining() < 16 + length) {
        break; // it is being written
      }
      packet(in.slice(in.position() + 16, length)).ifPresent(packets::add);
      in.position(in.position() + 16 + length);
    }
    return packets;
  }

  private ByteBuffer read() {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Packet> packet(ByteBuffer frame) {
    try {
      return switch (frame.getShort(12)) {
        case 0x0800 -> {
          ByteBuffer ip = frame.position(ETHERNET_HEADER).slice();
          int header = (ip.get(0) & 15) * 4;
          int length = Short.toUnsignedInt(ip.getShort(2));
          yield transport(ip, 12, 4, ip.get(9), ip.slice(header, length - header));
        }
        case (short) 0x86DD -> {
          ByteBuffer ip = frame.position(ETHERNET_HEADER).slice();
          int length = Short.toUnsignedInt(ip.getShort(4));
          yield transport(ip, 8, 16, ip.get(6), ip.slice(40, length));
        }
        default -> Optional.empty();
      };
    } catch (BufferUnderflowException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Optional<Packet> transport(
      ByteBuffer ip, int addresses, int size, int protocol, ByteBuffer segment) {
    if (protocol != TCP && protocol != UDP) {
      return Optional.empty();
    }
    int header = protocol == UDP ? 8 : (segment.get(12) >>> 4 & 15) * 4;
    byte[] payload = new byte[segment.limit() - header];
    segment.get(header, payload);
    return Optional.of(
        new Packet(
            address(ip, addresses, size),
            address(ip, addresses + size, size),
            Short.toUnsignedInt(segment.getShort(0)),
            Short.toUnsignedInt(segment.getShort(2)),
            protocol == UDP,
            new String(payload, StandardCharsets.ISO_8859_1)));
  }

  private static String address(ByteBuffer ip, int at, int size) {
    byte[] bytes = new byte[size];
    ip.get(at, bytes);
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /// What each TCP connection carried, one text for each direction, in the order of the packets:
  /// none is lost or sent twice in a lab.
  Map<String, String> streams() {
    var streams = new LinkedHashMap<String, StringBuilder>();
    for (Packet packet : packets()) {
      if (!packet.isUdp()) {
        String name =
            packet.from() + " " + packet.fromPort() + " to " + packet.to() + " " + packet.toPort();
        streams.computeIfAbsent(name, _ -> new StringBuilder()).append(packet.payload());
      }
    }
    var texts = new LinkedHashMap<String, String>();
    streams.forEach((name, text) -> texts.put(name, text.toString()));
    return texts;
  }
}
