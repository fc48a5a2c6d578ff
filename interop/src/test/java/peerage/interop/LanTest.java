package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Local discovery between hosts: nobody is told of anybody, and there is no tracker and no DHT.
@Timeout(300)
final class LanTest {
  private static final int SIZE = 1 << 20;

  @RegisterExtension final Lab lab = new Lab();

  @Test
  void peerageDownloadsFromALibtorrentThatItHearsOnTheLan() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    PeerageProcess peerage = run("get", lab.leech(content.torrent()));
    peerage.await("joined", _ -> true);
    Client seed = libtorrent(lab.seed(content, content.torrent()));

    assertThat(peerage.process().awaitExit()).isZero();
    assertThat(peerage.events("heard"))
        .anyMatch(
            event ->
                event.text("candidate").equals(seed.host().endpoint())
                    && event.object("origin").text("kind").equals("lan"));
  }

  @Test
  void libtorrentDownloadsFromAPeerageThatItHearsOnTheLan() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Libtorrent leech = libtorrent(lab.leech(content.torrent()));
    run("seed", lab.seed(content, content.torrent()));
    leech.process().await("the whole", leech::isComplete);
  }

  @Test
  void twoPeeragesHearEachOtherInBothFamilies() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    PeerageProcess seed = run("seed", lab.seed(content, content.torrent()));
    seed.await("joined", _ -> true);
    PeerageProcess leech = run("get", lab.leech(content.torrent()));
    assertThat(leech.process().awaitExit()).isZero();
    for (String endpoint : new String[] {leech.host().endpoint(), leech.host().endpoint6()}) {
      seed.await("heard", event -> event.text("candidate").equals(endpoint));
    }
  }

  private PeerageProcess run(String command, Share share) {
    return PeerageProcess.start(
        lab,
        lab.host(),
        lab.folder("state"),
        command,
        share.torrent().toString(),
        "-d",
        share.folder().toString(),
        "--no-dht");
  }

  private Libtorrent libtorrent(Share share) {
    return Libtorrent.start(lab, lab.host(), share, Libtorrent.Plugins.ALL, Libtorrent.Lan.ON);
  }
}
