package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import peerage.peers.InfoHash;

/// opentracker, on a host of its own. Debian's build serves listed torrents alone, and speaks IPv4
/// alone ("V4 Tracker is V4 only!").
record Opentracker(Host host, Running process) {
  private static final int PORT = 6969;

  /// What it lacks to be started; empty if it can be.
  static Optional<String> missing() {
    return Command.exists("opentracker")
        ? Optional.empty()
        : Optional.of("not installed (Debian: opentracker)");
  }

  static Opentracker start(Lab lab, InfoHash... served) {
    lab.need("opentracker", missing());
    Host host = lab.host();
    Running process =
        lab.start(
            host,
            "opentracker",
            List.of(
                "opentracker",
                "-i",
                host.ip4(),
                "-p",
                Integer.toString(PORT),
                "-P",
                Integer.toString(PORT),
                "-d",
                "/", // where it would lock itself in
                "-u",
                "nobody", // it refuses to run as root
                "-w",
                list(lab, served).toString()));
    process.await("listening", () -> Sockets.isListening(process, PORT));
    return new Opentracker(host, process);
  }

  /// The file of the torrents that it serves. It is read as `nobody`.
  private static Path list(Lab lab, InfoHash... served) {
    try {
      Path folder = lab.folder("opentracker");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.setPosixFilePermissions(
          folder.getParent(), PosixFilePermissions.fromString("rwx--x--x"));
      Path list = folder.resolve("whitelist");
      String lines = Arrays.stream(served).map(hash -> hash + "\n").collect(Collectors.joining());
      Files.writeString(list, lines);
      Files.setPosixFilePermissions(list, PosixFilePermissions.fromString("rw-r--r--"));
      return list;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Its announce URL.
  ///
  /// @param scheme `udp` or `http`
  String url(String scheme) {
    return scheme + "://" + host.ip4() + ":" + PORT + "/announce";
  }
}
