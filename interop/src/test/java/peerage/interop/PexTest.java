package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Peer exchange between Peerage and each foreign client.
///
/// In each test there is a third peer without PEX, which knows nobody and is in no tracker's list
/// but that of the one that is to tell of it: whoever else meets it has heard of it by PEX. The
/// seeds are so slow that nobody gets done and leaves.
@Timeout(300)
final class PexTest {
  private static final int SIZE = 8 << 20;

  @RegisterExtension final Lab lab = new Lab();

  @ParameterizedTest(name = "Peerage meets a peer of which {0} told it")
  @EnumSource
  void peerageMeetsAPeerOfWhichAForeignClientToldIt(Foreign foreign) {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Tracker tracker = Tracker.start(lab);
    Libtorrent third = thirdPeer(content);
    Host host = lab.host();
    tracker.introduce(host, third.host());
    Client teller =
        foreign.start(lab, host, lab.seed(content, content.torrent(tracker.url())).slowly());
    teller
        .process()
        .await(
            "a connection with the third peer",
            () -> third.peers().anyMatch(peer -> peer.text("ip").equals(host.ip4())));

    var peerage =
        PeerageProcess.get(
            lab, lab.host(), lab.leech(content.torrent()), "--peer", host.endpoint());

    String thirdAt = third.host().endpoint();
    JsonLine heard = peerage.await("heard", event -> event.text("candidate").equals(thirdAt));
    assertThat(heard.object("origin")).matches(o -> PeerageProcess.isPexFrom(host.endpoint(), o));
    JsonLine connected = peerage.await("connected", event -> event.text("peer").equals(thirdAt));
    assertThat(connected.text("direction")).isEqualTo("outgoing");
    assertThat(connected.objects("origins"))
        .singleElement()
        .matches(o -> PeerageProcess.isPexFrom(host.endpoint(), o));
  }

  @ParameterizedTest(name = "{0} meets a peer of which Peerage told it")
  @EnumSource
  void aForeignClientMeetsAPeerOfWhichPeerageToldIt(Foreign foreign) {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Tracker tracker = Tracker.start(lab);
    Libtorrent third = thirdPeer(content);
    var peerage =
        PeerageProcess.seed(
            lab,
            lab.host(),
            lab.seed(content, content.torrent()).slowly(),
            "--peer",
            third.host().endpoint());
    peerage.awaitPeer(third.host().endpoint());
    Host host = lab.host();
    tracker.introduce(host, peerage.host());

    Client hearer = foreign.start(lab, host, lab.leech(content.torrent(tracker.url())));

    hearer.process().await("the third peer, met by PEX", () -> hearer.metByPex(third.host()));
    assertThat(third.peers().map(peer -> peer.text("ip"))).contains(host.ip4());
  }

  private Libtorrent thirdPeer(Content content) {
    return Libtorrent.start(lab, lab.host(), lab.leech(content.torrent()), Libtorrent.Plugins.NONE);
  }
}
