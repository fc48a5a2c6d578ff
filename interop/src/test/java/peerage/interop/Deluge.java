package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Deluge's daemon, driven by its console in the same namespace.
///
/// @param settings the folder of its settings, which lets the console in
record Deluge(Host host, Running process, Path settings) implements Client {
  private static final int CONTROL_PORT = 58846;

  static Deluge start(Lab lab, Host host, Share share) {
    lab.need(Foreign.DELUGE);
    Path settings = lab.folder("deluge-settings");
    try {
      Files.writeString(settings.resolve("core.conf"), settings(share));
      Files.writeString(settings.resolve("auth"), "localclient:lab:10\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command =
        List.of("deluged", "-d", "-c", settings.toString(), "-p", Integer.toString(CONTROL_PORT));
    Running process = lab.start(host, "deluged", command);
    var client = new Deluge(host, process, settings);
    process.await("its remote control", () -> Sockets.isListening(process, CONTROL_PORT));
    process.await("listening", () -> Sockets.isListening(process, Host.PORT));
    client.console("add -p '" + share.folder() + "' '" + share.torrent() + "'");
    process.await(
        "reading what is on disk",
        () -> share.isSeed() ? client.isComplete() : client.info().contains("State: "));
    return client;
  }

  /// Two JSON objects, the first of which says what the second is.
  private static String settings(Share share) {
    return """
    {"file": 1, "format": 1}
    {"dht": false, "lsd": false, "upnp": false, "natpmp": false, "utpex": true,
     "random_port": false, "listen_ports": [%1$d, %1$d], "max_upload_speed": %2$d.0,
     "ignore_limits_on_local_network": false, "new_release_check": false}
    """
        .formatted(Host.PORT, share.upLimit() == 0 ? -1 : share.upLimit() >> 10);
  }

  private String console(String order) {
    List<String> command =
        new ArrayList<>(List.of("ip", "netns", "exec", host.namespace(), "deluge-console"));
    command.addAll(List.of("-c", settings.toString(), "-d", "127.0.0.1"));
    command.addAll(List.of("-p", Integer.toString(CONTROL_PORT), "-U", "localclient", "-P", "lab"));
    command.add(order);
    return Command.run("", command).output();
  }

  private String info() {
    return console("info -v");
  }

  @Override
  public boolean isComplete() {
    return info().contains("State: Seeding");
  }
}
