package peerage.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import peerage.node.Download;
import peerage.node.DownloadOptions;
import peerage.node.PeerReport;
import peerage.node.Peerage;
import peerage.node.Progress;
import peerage.node.TorrentSource;
import peerage.peers.PeerAddress;

/// One peer that a measuring program drives over a Unix socket: a line of JSON in, a line of JSON
/// out. So a peer can be started and warm before the clock starts, as other clients are.
///
/// Commands: `{"cmd":"status"}`, `{"cmd":"peers"}`, `{"cmd":"add_peer","ip":…,"port":…}`.
public final class DrivenPeer {
  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\"\\s*:\\s*\"?([^\",}]*)");

  private final Download download;

  private DrivenPeer(Download download) {
    this.download = download;
  }

  /// Runs until it is killed.
  ///
  /// @param args socket, torrent, directory, bind address, port, upload limit in KiB/s, `1` to
  ///     seed, and, if not the default, connections at most
  public static void main(String[] args) throws Exception {
    Path socket = Path.of(args[0]);
    Path directory = Path.of(args[2]);
    var node =
        Peerage.builder()
            .withoutDht()
            .withoutLan()
            .address(InetAddress.getByName(args[3]))
            .port(Integer.parseInt(args[4]))
            .limitUp(Long.parseLong(args[5]) * 1024)
            .state(directory.resolveSibling("state"))
            .open();
    var options = DownloadOptions.into(directory);
    if (args.length > 7) {
      options = options.withMaxPeers(Integer.parseInt(args[7]));
    }
    var download =
        node.download(
            TorrentSource.read(args[1]), args[6].equals("1") ? options.seeding() : options);
    Runtime.getRuntime().addShutdownHook(new Thread(node::close));
    new DrivenPeer(download).serve(socket);
  }

  private void serve(Path socket) throws IOException {
    Files.deleteIfExists(socket);
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      while (true) {
        SocketChannel caller = server.accept();
        Thread.ofVirtual().start(() -> answerAll(caller));
      }
    }
  }

  private void answerAll(SocketChannel caller) {
    try (caller;
        var in =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(caller), StandardCharsets.UTF_8));
        Writer out = Channels.newWriter(caller, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write(answer(line) + "\n");
        out.flush();
      }
    } catch (IOException _) {
      // the caller is gone
    }
  }

  private String answer(String line) {
    return switch (field(line, "cmd")) {
      case "status" -> status();
      case "peers" -> peers();
      case "add_peer" -> addPeer(field(line, "ip"), field(line, "port"));
      default -> "{\"error\": \"unknown\"}";
    };
  }

  private static String field(String line, String name) {
    Matcher fields = FIELD.matcher(line);
    while (fields.find()) {
      if (fields.group(1).equals(name)) {
        return fields.group(2).trim();
      }
    }
    return "";
  }

  private String status() {
    Progress now = download.progress();
    return "{\"progress\": %s, \"state\": \"%s\", \"num_peers\": %d, \"list_peers\": %d, \"down\": %d, \"up\": %d}"
        .formatted(
            now.state() == Progress.State.CHECKING ? 0.0 : now.fraction(),
            now.state(),
            now.peers(),
            now.candidates(),
            now.downRate(),
            now.upRate());
  }

  private String peers() {
    List<PeerReport> peers = download.connected();
    return peers.stream()
        .map(
            peer ->
                "{\"ip\": \"%s\", \"port\": %d, \"src\": \"%s\", \"client\": \"%s\"}"
                    .formatted(
                        peer.address().ip(),
                        peer.address().port(),
                        peer.origins().getFirst(),
                        peer.client().replaceAll("[\"\\\\]", "?")))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private String addPeer(String ip, String port) {
    PeerAddress.parse(ip + ":" + port).ifPresent(download::tell);
    return "true";
  }
}
