package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same over IPv6 with libtorrent: nobody is told of an IPv4 address.
@Timeout(300)
final class Ipv6Test {
  private static final int SIZE = 8 << 20;

  @RegisterExtension final Lab lab = new Lab();

  @Test
  void peerageDownloadsOverIpv6() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Client seed = libtorrent(lab.seed(content, content.torrent()), Libtorrent.Plugins.ALL);
    Share share = lab.leech(content.torrent());

    var peerage = PeerageProcess.get(lab, lab.host(), share, "--peer", seed.host().endpoint6());

    assertThat(peerage.process().awaitExit()).isZero();
    assertThat(content.missingIn(share.folder())).isEmpty();
  }

  @Test
  void peerageMeetsAPeerOfWhichLibtorrentToldItInAdded6() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Libtorrent third = libtorrent(lab.leech(content.torrent()), Libtorrent.Plugins.NONE);
    Libtorrent teller =
        libtorrent(lab.seed(content, content.torrent()).slowly(), Libtorrent.Plugins.ALL);
    teller.connect(third.host().ip6());
    teller
        .process()
        .await("the third peer", () -> ips(teller).anyMatch(third.host().ip6()::equals));

    var peerage =
        PeerageProcess.get(
            lab, lab.host(), lab.leech(content.torrent()), "--peer", teller.host().endpoint6());

    JsonLine connected =
        peerage.await("connected", event -> event.text("peer").equals(third.host().endpoint6()));
    assertThat(connected.objects("origins"))
        .singleElement()
        .matches(o -> PeerageProcess.isPexFrom(teller.host().endpoint6(), o));
  }

  @Test
  void libtorrentMeetsAPeerOfWhichPeerageToldItInAdded6() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Libtorrent third = libtorrent(lab.leech(content.torrent()), Libtorrent.Plugins.NONE);
    var peerage =
        PeerageProcess.seed(
            lab,
            lab.host(),
            lab.seed(content, content.torrent()).slowly(),
            "--peer",
            third.host().endpoint6());
    peerage.awaitPeer(third.host().endpoint6());
    Libtorrent hearer = libtorrent(lab.leech(content.torrent()), Libtorrent.Plugins.ALL);

    hearer.connect(peerage.host().ip6());

    hearer.process().await("the third peer, met by PEX", () -> hearer.metByPex(third.host()));
  }

  private Libtorrent libtorrent(Share share, Libtorrent.Plugins plugins) {
    return Libtorrent.start(lab, lab.host(), share, plugins);
  }

  private static Stream<String> ips(Libtorrent client) {
    return client.peers().map(peer -> peer.text("ip"));
  }
}
