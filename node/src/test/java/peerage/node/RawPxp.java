package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;

/// Somebody who speaks PXP's bytes by hand, and is free to speak them wrong.
final class RawPxp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = (int) PxpNets.PATIENCE.toMillis();

  private final Socket socket = new Socket();
  private final StringBuilder seen = new StringBuilder();

  RawPxp(URI where) throws IOException {
    socket.connect(new InetSocketAddress(where.getHost(), where.getPort()), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /// Magic, the opening of the control stream, and our hello to the network.
  static byte[] start(String network) {
    return join(magic(), open(0, "pxp"), line(hello(network)));
  }

  static byte[] magic() {
    return "#PXP#".getBytes(UTF_8);
  }

  static String hello(String network) {
    return "[\"hello\",\"0\",[1,{\"pxp\":true,\"relay\":true,\"webrtc\":true},[\""
        + network
        + "\"]]]";
  }

  static byte[] open(long channel, String name) {
    return frame(channel << 3, name.getBytes(UTF_8));
  }

  static byte[] data(long channel, byte[] body) {
    return frame(channel << 3 | 2, body);
  }

  /// A message on the control stream, which is our channel 0.
  static byte[] line(String json) {
    return data(0, (json + "\n").getBytes(UTF_8));
  }

  static byte[] frame(long header, byte[] body) {
    return join(varint(header), varint(body.length), body);
  }

  static byte[] varint(long value) {
    var bytes = new ByteArrayOutputStream();
    long rest = value;
    for (; rest >>> 7 != 0; rest >>>= 7) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
    }
    bytes.write((int) rest);
    return bytes.toByteArray();
  }

  static byte[] join(byte[]... parts) {
    var bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /// Sends and never minds if the other side has had enough meanwhile.
  void throwAt(byte[] bytes) {
    try {
      send(bytes);
    } catch (IOException _) {
      // that is an answer too
    }
  }

  /// Reads until this text came; the next call begins behind it.
  ///
  /// @return false if the connection ended first
  boolean reads(String text) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[4_096];
    while (seen.indexOf(text) < 0) {
      int count = in.read(buffer);
      if (count < 0) {
        return false;
      }
      seen.append(new String(buffer, 0, count, UTF_8));
    }
    seen.delete(0, seen.indexOf(text) + text.length());
    return true;
  }

  /// Reads until the other side ends the connection, however it does.
  ///
  /// @return what came until then
  byte[] readAll() {
    var all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection was not ended", e);
    } catch (IOException _) {
      // reset: ended as well
    }
    return all.toByteArray();
  }

  /// Ends the connection while others still use it.
  void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    hangUp();
  }
}
