package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Transmission's daemon, driven by `transmission-remote` in the same namespace.
record Transmission(Host host, Running process) implements Client {
  static Transmission start(Lab lab, Host host, Share share) {
    return start(lab, host, share.torrent().toString(), share);
  }

  /// One that knows a magnet link only, with the folder of a leech.
  static Transmission leech(Lab lab, Host host, String magnet, Share share) {
    return start(lab, host, magnet, share);
  }

  private static Transmission start(Lab lab, Host host, String torrent, Share share) {
    lab.need(Foreign.TRANSMISSION);
    Path settings = lab.folder("transmission-settings");
    write(settings.resolve("settings.json"), settings(share));
    Running process =
        lab.start(
            host,
            "transmission-daemon",
            List.of("transmission-daemon", "-f", "-g", settings.toString()));
    var client = new Transmission(host, process);
    process.await("its remote control", () -> client.remote("-si").exit() == 0);
    client.must("-w", share.folder().toString(), "-a", torrent);
    if (share.isSeed()) {
      process.await("verifying what is on disk", client::isComplete);
    }
    return client;
  }

  private static String settings(Share share) {
    return """
    {
      "dht-enabled": false,
      "lpd-enabled": false,
      "utp-enabled": false,
      "port-forwarding-enabled": false,
      "pex-enabled": true,
      "encryption": 1,
      "peer-port": %d,
      "peer-port-random-on-start": false,
      "rpc-bind-address": "127.0.0.1",
      "rpc-whitelist-enabled": false,
      "incomplete-dir-enabled": false,
      "speed-limit-up-enabled": %s,
      "speed-limit-up": %d
    }
    """
        .formatted(Host.PORT, share.upLimit() > 0, share.upLimit() >> 10);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Command.Result remote(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of("ip", "netns", "exec", host.namespace(), "transmission-remote", "127.0.0.1"));
    command.addAll(List.of(arguments));
    return Command.run("", command);
  }

  private String must(String... arguments) {
    Command.Result result = remote(arguments);
    if (result.exit() != 0 || result.output().contains("Error")) {
      throw new AssertionError("transmission-remote: " + result.output());
    }
    return result.output();
  }

  @Override
  public boolean isComplete() {
    String state = must("-t", "1", "-i");
    return state.contains("Percent Done: 100%") && !state.contains("State: Verifying");
  }
}
