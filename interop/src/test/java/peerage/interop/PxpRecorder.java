package peerage.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Accepts one TCP connection and knows nothing of any protocol: says the port it listens on, then
/// all that it receives, in hexadecimal, as it comes; sends what it reads from standard input.
final class PxpRecorder {
  private PxpRecorder() {}

  public static void main(String[] arguments) throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getByName(arguments[0]))) {
      System.out.println(server.getLocalPort());
      Socket socket = server.accept();
      Thread.ofPlatform().daemon().start(() -> record(socket));
      var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        socket.getOutputStream().write(HexFormat.of().parseHex(line));
      }
    }
  }

  private static void record(Socket socket) {
    try (InputStream in = socket.getInputStream()) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        byte[] more = in.readNBytes(in.available());
        System.out.println(
            HexFormat.of().toHexDigits((byte) next) + HexFormat.of().formatHex(more));
      }
    } catch (IOException _) {
      // the connection is lost: nothing more comes
    }
  }
}
