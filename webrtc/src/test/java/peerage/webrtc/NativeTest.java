package peerage.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// What only the native library can show, by [NativeCheck] in a JVM of its own: as root in a
/// network namespace whose only address leads nowhere, else where this JVM is, if there is an
/// address besides loopback, for the library makes no connections over that.
final class NativeTest {
  private static final String NAMESPACE =
      """
      ip link set lo up
      ip link add v0 type veth peer name v1
      ip addr add 10.98.0.1/24 dev v0
      ip link set v0 up
      ip link set v1 up
      exec "$@"
      """;
  private static final int SECONDS = 50;

  @Test
  void connectionsOfTheNativeLibraryWork() throws IOException, InterruptedException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      System.out.println("SKIPPED NativeTest: " + missing.get());
      Assumptions.abort(missing.get());
    }
    Path output = Files.createTempFile("webrtc", ".txt");
    Process process =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(output);
    Files.delete(output);
    assertThat(ended).as(said).isTrue();
    assertThat(said.lines()).as(said).last().isEqualTo(NativeCheck.PASSED);
    assertThat(process.exitValue()).isZero();
  }

  private static Optional<String> missing() throws IOException {
    try {
      NativeLibrary.load();
    } catch (IOException e) {
      return Optional.ofNullable(e.getMessage());
    }
    boolean hasAddress =
        isRoot()
            || NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> !address.isLoopbackAddress());
    return hasAddress
        ? Optional.empty()
        : Optional.of("there is no address but loopback, and namespaces need root");
  }

  private static List<String> command() {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            NativeCheck.class.getName());
    if (!isRoot()) {
      return java;
    }
    var inside = new ArrayList<>(List.of("unshare", "-n", "sh", "-ec", NAMESPACE, "sh"));
    inside.addAll(java);
    return inside;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"))
        && (Files.exists(Path.of("/usr/sbin/ip")) || Files.exists(Path.of("/usr/bin/ip")));
  }
}
