package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.node.TorrentSource;
import peerage.peers.InfoHash;

/// With a real tracker, over UDP and HTTP. Debian's opentracker speaks IPv4 alone: IPv6 is tested
/// against a tracker of our own (node, UdpTrackersTest).
@Timeout(300)
final class OpentrackerTest {
  private static final int SIZE = 1 << 20;

  @RegisterExtension final Lab lab = new Lab();

  @ParameterizedTest
  @ValueSource(strings = {"udp", "http"})
  void twoPeeragesMeetThroughOpentrackerAlone(String scheme) {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Opentracker tracker = Opentracker.start(lab, infoHash(content.torrent()));
    Path torrent = content.torrent(tracker.url(scheme));
    PeerageProcess seed = PeerageProcess.seed(lab, lab.host(), lab.seed(content, torrent));
    seed.await("tracker", event -> event.flag("ok"));
    Share share = lab.leech(torrent);

    var leech = PeerageProcess.get(lab, lab.host(), share);

    assertThat(leech.process().awaitExit()).isZero();
    assertThat(content.missingIn(share.folder())).isEmpty();
    leech.await(
        "heard",
        event ->
            event.text("candidate").equals(seed.host().endpoint())
                && event.object("origin").text("url").startsWith(scheme));
  }

  @Test
  void whoSaidStoppedByUdpIsNotNamedAnyMore() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Opentracker tracker = Opentracker.start(lab, infoHash(content.torrent()));
    Path torrent = content.torrent(tracker.url("udp"));
    PeerageProcess first = PeerageProcess.seed(lab, lab.host(), lab.seed(content, torrent));
    first.await("tracker", event -> event.flag("ok"));
    PeerageProcess second = PeerageProcess.seed(lab, lab.host(), lab.seed(content, torrent));
    second.await("tracker", event -> event.flag("ok") && event.number("peers") == 2);
    for (PeerageProcess each : List.of(first, second)) {
      ProcessHandle.of(each.process().pid()).orElseThrow().destroy(); // politely: SIGTERM
      each.process().awaitExit();
    }
    PeerageProcess third = PeerageProcess.seed(lab, lab.host(), lab.seed(content, torrent));
    JsonLine answered = third.await("tracker", event -> event.flag("ok"));
    assertThat(answered.number("peers")).as("nobody but itself").isEqualTo(1);
  }

  @Test
  void aTorrentThatOpentrackerDoesNotServeIsRefusedAtOnce() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Opentracker tracker = Opentracker.start(lab, InfoHash.parse("aa".repeat(20)));
    Path torrent = content.torrent(tracker.url("udp"));
    PeerageProcess seed = PeerageProcess.seed(lab, lab.host(), lab.seed(content, torrent));
    seed.await(
        "tracker",
        event -> !event.flag("ok") && event.text("reason").contains("may not serve this torrent"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp", "http"})
  void opentrackersFiguresAreScraped(String scheme) {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Opentracker tracker = Opentracker.start(lab, infoHash(content.torrent()));
    Path torrent = content.torrent(tracker.url(scheme));
    PeerageProcess seed = PeerageProcess.seed(lab, lab.host(), lab.seed(content, torrent));
    seed.await("tracker", event -> event.flag("ok"));
    var command = new ArrayList<>(PeerageProcess.java("peerage.cli.Main"));
    command.addAll(List.of("scrape", torrent.toString(), "--json"));
    Running scrape = lab.start(lab.host(), "peerage scrape", command);
    assertThat(scrape.awaitExit()).isZero();
    assertThat(scrape.lines().getFirst()).contains("\"ok\":true,\"seeds\":1,\"leeches\":0");
  }

  private static InfoHash infoHash(Path torrent) {
    try {
      return TorrentSource.read(torrent).infoHash();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
