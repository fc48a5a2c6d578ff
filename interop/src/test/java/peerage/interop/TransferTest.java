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

  @RegisterExtension final Lab lab = new Lab();

  static Stream<Arguments> eachClientAndShape() {
    return Arrays.stream(Foreign.values())
        .flatMap(
            client ->
                Arrays.stream(Content.Shape.values()).map(shape -> Arguments.of(client, shape)));
  }

  @ParameterizedTest(name = "Peerage downloads a {1} from a seed of {0}")
  @MethodSource("eachClientAndShape")
  void peerageDownloadsFromAForeignSeed(Foreign foreign, Content.Shape shape) {
    Content content = lab.content(shape, SIZE);
    Client seed = foreign.start(lab, lab.host(), lab.seed(content, content.torrent()));
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
