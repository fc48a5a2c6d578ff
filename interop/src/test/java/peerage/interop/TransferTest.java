package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole downloads between Peerage and each foreign client, in both directions.
@Timeout(300)
final class TransferTest {
  private static final int SIZE = 24 << 20;

  /// Nobody answers there; but rTorrent takes no torrent without a tracker.
  private static final String NO_TRACKER = "http://127.0.0.1:9/announce";

  @RegisterExtension final Lab lab = new Lab();

  /// A folder with each client, one file with some: that is the same but for the paths. Deluge is
  /// qBittorrent's libtorrent again, and KTorrent too slow to start.
  static Stream<Arguments> eachClientAndShape() {
    Stream<Foreign> folders =
        Arrays.stream(Foreign.values())
            .filter(client -> client != Foreign.DELUGE && client != Foreign.KTORRENT);
    Stream<Foreign> files = Stream.of(Foreign.LIBTORRENT, Foreign.TRANSMISSION, Foreign.ARIA2);
    return Stream.concat(
        folders.map(client -> Arguments.of(client, Content.Shape.FOLDER)),
        files.map(client -> Arguments.of(client, Content.Shape.FILE)));
  }

  @ParameterizedTest(name = "Peerage downloads a {1} from a seed of {0}")
  @MethodSource("eachClientAndShape")
  void peerageDownloadsFromAForeignSeed(Foreign foreign, Content.Shape shape) {
    Content content = lab.content(shape, SIZE);
    Client seed = foreign.start(lab, lab.host(), lab.seed(content, content.torrent(NO_TRACKER)));
    Share share = lab.leech(content.torrent());

    var peerage = PeerageProcess.get(lab, lab.host(), share, "--peer", seed.host().endpoint());

    assertThat(peerage.process().awaitExit()).isZero();
    assertThat(content.missingIn(share.folder())).isEmpty();
  }

  @ParameterizedTest(name = "{0} downloads a {1} from a seed of Peerage")
  @MethodSource("eachClientAndShape")
  void aForeignClientDownloadsFromPeerage(Foreign foreign, Content.Shape shape) {
    Content content = lab.content(shape, SIZE);
    Tracker tracker = Tracker.start(lab);
    var peerage = PeerageProcess.seed(lab, lab.host(), lab.seed(content, content.torrent()));
    Host host = lab.host();
    tracker.introduce(host, peerage.host());
    Share share = lab.leech(content.torrent(tracker.url()));

    Client leech = foreign.start(lab, host, share);

    Await.until(foreign + " says that it is complete", leech::isComplete);
    assertThat(content.missingIn(share.folder()))
        .filteredOn(file -> !file.endsWith("empty is missing")) // Transmission makes no empty files
        .isEmpty();
    assertThat(peerage.exit()).isEmpty(); // it goes on seeding
  }
}
