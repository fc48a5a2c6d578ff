package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import peerage.node.TorrentSource;
import peerage.peers.InfoHash;

/// What a whole session of one torrent puts on the wire, with every means of discovery switched on
/// and a DHT, a local network and willing peers around: tracker, download, seeding, goodbye.
///
/// The public session is the control: there every trace that is missed in the private one is found.
@Timeout(300)
final class PrivateSessionTest {
  private static final int SIZE = 1 << 20;

  /// What tells on the wire that something other than the tracker knows of a torrent.
  private enum Trace {
    /// A KRPC message with its info hash (BEP 5).
    DHT,
    /// A KRPC message of any kind: a node runs although nothing needs it.
    DHT_NODE,
    /// The DHT bit of a handshake (BEP 5).
    DHT_BIT,
    /// A PORT message (BEP 5).
    PORT,
    /// An announce on the local network (BEP 14).
    LAN,
    /// Peer exchange offered (BEP 11).
    PEX,
    /// Metadata offered (BEP 9).
    METADATA
  }

  @RegisterExtension final Lab lab = new Lab();

  @Test
  void aPublicTorrentIsFoundByEveryMeans() throws Exception {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Tracker tracker = Tracker.start(lab);
    var session = new Session(content, content.torrent(tracker.url()), tracker);
    session.run();

    session.tap.process().await("all traces", () -> session.traces().size() == 7);
    session.end();
    assertThat(session.traces()).containsExactlyInAnyOrder(Trace.values());
  }

  @Test
  void ofAPrivateTorrentNobodyHearsButItsTrackerAndItsPeers() throws Exception {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Tracker tracker = Tracker.start(lab);
    var session = new Session(content, content.privateTorrent(tracker.url()), tracker);
    session.run();
    session.end();

    assertThat(session.traces()).isEmpty();
    assertThat(session.tap.packets()).noneMatch(Wiretap.Packet::isUdp);
    assertThat(session.tap.streams().values())
        .noneMatch(stream -> stream.contains("ut_holepunch"))
        .anyMatch(stream -> stream.contains("event=stopped"));
  }

  private final class Session {
    private final InfoHash infoHash;
    private final Wiretap tap;
    private final Host host = lab.host();
    private final Path torrent;
    private final Content content;
    private final Tracker tracker;
    private Optional<PeerageProcess> peerage = Optional.empty();

    Session(Content content, Path torrent, Tracker tracker) throws Exception {
      this.content = content;
      this.torrent = torrent;
      this.tracker = tracker;
      this.infoHash = TorrentSource.read(torrent).infoHash();
      this.tap = Wiretap.on(lab, host);
    }

    /// Downloads from a seed that has everything switched on too, and goes on seeding.
    void run() {
      Host router = lab.host();
      Running entry =
          PeerageProcess.start(lab, router, lab.folder("state"), "dht-router").process();
      entry.await("the router", () -> Sockets.isUdpOpen(entry, Host.PORT));
      Host other = lab.host();
      tracker.introduceToAll(List.of(other, host));
      start(other, lab.seed(content, torrent), router, "seed").await("joined", _ -> true);
      PeerageProcess download = start(host, lab.leech(torrent), router, "get", "--seed");
      peerage = Optional.of(download);
      download.await("finished", _ -> true);
      download.await("tracker", _ -> true); // who has not been heard says no goodbye
    }

    private PeerageProcess start(Host at, Share share, Host router, String... command) {
      List<String> line = new ArrayList<>(List.of(command));
      line.addAll(List.of(torrent.toString(), "-d", share.folder().toString()));
      line.addAll(List.of("--dht-router", router.endpoint()));
      return PeerageProcess.start(lab, at, lab.folder("state"), line.toArray(String[]::new));
    }

    /// Ends politely.
    void end() {
      Running process = peerage.orElseThrow().process();
      process.stop();
      process.awaitExit();
      tap.process().await("the goodbye", () -> contains("event=stopped"));
    }

    private boolean contains(String text) {
      return tap.streams().values().stream().anyMatch(stream -> stream.contains(text));
    }

    Set<Trace> traces() {
      var traces = new TreeSet<Trace>();
      tap.packets().stream()
          .filter(Wiretap.Packet::isUdp)
          .forEach(packet -> ofDatagram(packet).forEach(traces::add));
      tap.streams().values().forEach(stream -> ofStream(stream).forEach(traces::add));
      return traces;
    }

    private Stream<Trace> ofDatagram(Wiretap.Packet packet) {
      String raw = new String(infoHash.bytes(), StandardCharsets.ISO_8859_1);
      String hex = HexFormat.of().formatHex(infoHash.bytes());
      String payload = packet.payload();
      boolean isKrpc = payload.startsWith("d") && payload.contains("1:y1:");
      return Stream.of(
              Optional.of(Trace.DHT).filter(_ -> isKrpc && payload.contains(raw)),
              Optional.of(Trace.DHT_NODE).filter(_ -> isKrpc),
              Optional.of(Trace.LAN).filter(_ -> payload.toLowerCase(Locale.ROOT).contains(hex)))
          .flatMap(Optional::stream);
    }

    /// Of our own streams alone: what the other side offers is its own affair.
    private Stream<Trace> ofStream(String stream) {
      boolean isOurs = stream.startsWith("\u0013BitTorrent protocol") && stream.contains("-PG");
      return !isOurs
          ? Stream.empty()
          : Stream.of(
                  Optional.of(Trace.DHT_BIT).filter(_ -> (stream.charAt(27) & 1) != 0),
                  Optional.of(Trace.PORT).filter(_ -> stream.contains("\0\0\0\u0003\t")),
                  Optional.of(Trace.PEX).filter(_ -> stream.contains("6:ut_pexi1e")),
                  Optional.of(Trace.METADATA).filter(_ -> stream.contains("11:ut_metadata")))
              .flatMap(Optional::stream);
    }
  }
}
