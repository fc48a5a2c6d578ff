package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import peerage.node.DownloadException;
import peerage.node.TorrentSource;
import peerage.wire.Magnet;

/// Magnets from and to foreign clients (BEP 9), in both directions, bytes equal.
@Timeout(300)
final class MagnetTest {
  private static final int SIZE = 6 << 20;

  /// So that the metadata has two blocks: 1,152 hashes of 20 bytes.
  private static final int LARGE = 72 << 20;

  private static final String NOTHING = "it has no metadata to give, and tells of no peers";

  @RegisterExtension final Lab lab = new Lab();

  private static Magnet magnet(Path torrent) {
    try {
      return Magnet.of(TorrentSource.read(torrent));
    } catch (DownloadException e) {
      throw new AssertionError(e);
    }
  }

  /// The magnet with the client of a host as `x.pe`.
  private static String at(Magnet magnet, Host... peers) {
    List<Magnet.Endpoint> endpoints =
        Stream.of(peers).map(peer -> new Magnet.Endpoint(peer.ip4(), Host.PORT)).toList();
    return magnet.withPeers(endpoints).toString();
  }

  private PeerageProcess get(String magnet, Share share) {
    return PeerageProcess.start(
        lab,
        lab.host(),
        lab.folder("state"),
        "get",
        magnet,
        "-d",
        share.folder().toString(),
        "--no-dht",
        "--no-lan");
  }

  @ParameterizedTest(name = "Peerage gets by magnet from {0}")
  @EnumSource(names = {"LIBTORRENT", "TRANSMISSION", "QBITTORRENT", "ARIA2", "RTORRENT"})
  void peerageGetsByMagnet(Foreign foreign) {
    Content content = lab.content(Content.Shape.FOLDER, SIZE);
    String tracker = "http://127.0.0.1:9/announce"; // rTorrent takes no torrent without one
    Client seed = foreign.start(lab, lab.host(), lab.seed(content, content.torrent(tracker)));
    Share share = lab.leech(content.torrent());

    var peerage = get(at(magnet(content.torrent()), seed.host()), share);

    assertThat(peerage.process().awaitExit()).isZero();
    assertThat(content.missingIn(share.folder())).isEmpty();
    assertThat(peerage.count("torrent")).isEqualTo(1);
  }

  /// aria2 and rTorrent give the metadata of private torrents; the tracker names them.
  @ParameterizedTest(name = "Peerage gets a private torrent by magnet from {0}")
  @EnumSource(names = {"ARIA2", "RTORRENT"})
  void aPrivateTorrentIsGotFromWhoGivesItsMetadata(Foreign foreign) {
    var peerage = getPrivate(foreign);

    assertThat(peerage.process().awaitExit()).isZero();
    assertThat(peerage.count("went_private")).isEqualTo(1);
  }

  /// They keep it to themselves as we do: such a magnet leads nowhere.
  @ParameterizedTest(name = "{0} does not give a private torrent's metadata")
  @EnumSource(names = {"LIBTORRENT", "TRANSMISSION", "QBITTORRENT"})
  void othersDoNotGiveTheMetadataOfAPrivateTorrent(Foreign foreign) {
    var peerage = getPrivate(foreign);

    peerage.await("introduced", _ -> true);
    peerage.await("disconnected", event -> event.text("reason").equals(NOTHING));
    assertThat(peerage.count("torrent")).isZero();
  }

  private PeerageProcess getPrivate(Foreign foreign) {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Tracker tracker = Tracker.start(lab);
    Path torrent = content.privateTorrent(tracker.url());
    Client seed = foreign.start(lab, lab.host(), lab.seed(content, torrent));
    tracker.introduceToAll(List.of(seed.host()));
    return get(magnet(torrent).toString(), lab.leech(torrent));
  }

  @Test
  void metadataOfSeveralBlocksIsFetchedFromTwoClients() {
    Content content = lab.content(Content.Shape.FILE, LARGE);
    Client one =
        Foreign.LIBTORRENT.start(lab, lab.host(), lab.seed(content, content.torrent()).slowly());
    Client two =
        Foreign.TRANSMISSION.start(lab, lab.host(), lab.seed(content, content.torrent()).slowly());
    Share share = lab.leech(content.torrent());

    var peerage = get(at(magnet(content.torrent()), one.host(), two.host()), share);

    var torrent = peerage.await("torrent", _ -> true);
    assertThat(torrent.number("pieces")).isEqualTo(LARGE / (64 << 10));
    peerage.await("metadata", event -> event.number("of") == 2);
    peerage.await("piece", _ -> true);
  }

  @Test
  void libtorrentGetsByMagnetFromPeerage() {
    Content content = lab.content(Content.Shape.FOLDER, SIZE);
    var peerage = PeerageProcess.seed(lab, lab.host(), lab.seed(content, content.torrent()));
    Share share = lab.leech(content.torrent());

    String magnet = at(magnet(content.torrent()), peerage.host());
    Client leech = Libtorrent.leech(lab, lab.host(), magnet, share);

    Await.until("libtorrent says that it is complete", leech::isComplete);
    assertThat(content.missingIn(share.folder())).isEmpty();
  }

  /// Transmission 3.00 reads no `x.pe`: a tracker names us.
  @Test
  void transmissionGetsByMagnetFromPeerage() {
    Content content = lab.content(Content.Shape.FOLDER, SIZE);
    Tracker tracker = Tracker.start(lab);
    var peerage = PeerageProcess.seed(lab, lab.host(), lab.seed(content, content.torrent()));
    Host host = lab.host();
    tracker.introduce(host, peerage.host());
    Share share = lab.leech(content.torrent());

    String magnet = magnet(content.torrent(tracker.url())).toString();
    Client leech = Transmission.leech(lab, host, magnet, share);

    Await.until("Transmission says that it is complete", leech::isComplete);
    assertThat(content.missingIn(share.folder()))
        .filteredOn(file -> !file.endsWith("empty is missing")) // it makes no empty files
        .isEmpty();
  }

  /// The newcomer knows a newcomer only, which has no metadata and tells it of the seed.
  @Test
  void peerExchangeWithLibtorrentRunsBeforeTheMetadataIsThere() {
    Content content = lab.content(Content.Shape.FOLDER, SIZE);
    // The seed hears of the newcomer too, and may dial it first: it must not be done by then.
    Share slow = lab.seed(content, content.torrent()).slowly();
    Client seed = Foreign.LIBTORRENT.start(lab, lab.host(), slow);
    Share hub = lab.leech(content.torrent());
    Libtorrent middle = Libtorrent.start(lab, lab.host(), hub.at(1 << 10), Libtorrent.Plugins.ALL);
    middle.connect(seed.host().ip4());
    Await.until("they meet", () -> middle.peers().findAny().isPresent());
    Share share = lab.leech(content.torrent());

    var peerage = get(at(magnet(content.torrent()), middle.host()), share);

    peerage.await(
        "heard",
        event ->
            PeerageProcess.isPexFrom(middle.host().endpoint(), event.object("origin"))
                && event.text("candidate").equals(seed.host().endpoint()));
    peerage.await("torrent", _ -> true);
  }

  @Test
  void whatPeerageWritesOthersRead() {
    Content content = lab.content(Content.Shape.FOLDER, SIZE);
    Client seed = Foreign.LIBTORRENT.start(lab, lab.host(), lab.seed(content, content.torrent()));
    var writer =
        lab.start(
            lab.host(),
            "peerage magnet",
            Stream.concat(
                    PeerageProcess.java("peerage.cli.Main").stream(),
                    Stream.of(
                        "magnet",
                        content.torrent().toString(),
                        "--peer",
                        seed.host().endpoint(),
                        "--local-peers",
                        "--peers=1",
                        "--no-dht",
                        "--no-lan",
                        "--state",
                        lab.folder("state").toString()))
                .toList());
    assertThat(writer.awaitExit()).isZero();
    String magnet = writer.lines().getLast();
    assertThat(magnet).contains("&x.pe=" + seed.host().endpoint());
    Share share = lab.leech(content.torrent());

    Client leech = Libtorrent.leech(lab, lab.host(), magnet, share);

    Await.until("libtorrent says that it is complete", leech::isComplete);
    assertThat(content.missingIn(share.folder())).isEmpty();
  }
}
