package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the kernel knows of the sockets in a process's namespace.
final class Sockets {
  private static final String ESTABLISHED = "01";
  private static final String LISTENING = "0A";

  private Sockets() {}

  static boolean isListening(Running process, int port) {
    String suffix = ":%04X".formatted(port);
    return rows(process)
        .anyMatch(row -> row.get(3).equals(LISTENING) && row.get(1).endsWith(suffix));
  }

  /// Whether something listens at just this address.
  static boolean isListening(Running process, String ip, int port) {
    String suffix = ":%04X".formatted(port);
    return rows(process)
        .filter(row -> row.get(3).equals(LISTENING) && row.get(1).endsWith(suffix))
        .map(row -> address(row.get(1).split(":", -1)[0]))
        .anyMatch(at -> at.equals(ip));
  }

  /// The addresses to which connections are established.
  static Set<String> connected(Running process) {
    return rows(process)
        .filter(row -> row.get(3).equals(ESTABLISHED))
        .map(row -> address(row.get(2).split(":", -1)[0]))
        .collect(Collectors.toSet());
  }

  /// Whether datagrams to this port are taken.
  static boolean isUdpOpen(Running process, int port) {
    String suffix = ":%04X".formatted(port);
    return rows(process, "udp", "udp6").anyMatch(row -> row.get(1).endsWith(suffix));
  }

  private static Stream<List<String>> rows(Running process) {
    return rows(process, "tcp", "tcp6");
  }

  /// Columns: number, local, remote, state.
  private static Stream<List<String>> rows(Running process, String... tables) {
    return Stream.of(tables)
        .map(name -> Path.of("/proc/" + process.pid() + "/net/" + name))
        .flatMap(Sockets::lines)
        .map(line -> List.of(line.strip().split(" +")))
        .filter(row -> row.getFirst().endsWith(":"));
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (NoSuchFileException _) {
      return Stream.of(); // it has ended
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Words of four bytes, each in this machine's order: little-endian wherever these tests run.
  private static String address(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    byte[] ordered = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      ordered[i] = bytes[i / 4 * 4 + 3 - i % 4];
    }
    try {
      return InetAddress.getByAddress(ordered).getHostAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
