package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import peerage.testkit.Seeds;

/// What `kill -9` costs.
@Timeout(300)
final class CrashTest {
  private static final int SIZE = 32 << 20;
  private static final int KILLS = 10;
  private static final Pattern RECEIVED = Pattern.compile("\"rx\":\\{\"bytes\":([0-9]+)");

  @RegisterExtension final Lab lab = new Lab();

  @Seeds(1)
  void aDownloadThatIsKilledTenTimesEndsWellAndFetchesLittleTwice(long seed) {
    var random = new Random(seed);
    Content content = lab.content(Content.Shape.FOLDER, SIZE);
    Share slow = lab.seed(content, content.torrent()).at(2 << 20);
    String teller = Foreign.LIBTORRENT.start(lab, lab.host(), slow).host().endpoint();
    Host host = lab.host();
    Share share = lab.leech(content.torrent());
    Path state = lab.folder("state");

    for (int kill = 0; kill < KILLS; kill++) {
      var peerage = PeerageProcess.getAgain(lab, host, share, state, "--peer", teller);
      int pieces = 1 + random.nextInt(20); // of 512 in all: it does not get done
      peerage.process().await(pieces + " pieces", () -> peerage.count("piece") >= pieces);
      Await.pause(random.nextInt(100_000_000));
      peerage.process().kill();
      assertThat(peerage.exit()).hasValue(128 + 9);
    }
    var last = PeerageProcess.getAgain(lab, host, share, state, "--peer", teller);

    assertThat(last.process().awaitExit()).isZero();
    assertThat(content.missingIn(share.folder())).isEmpty();
    long received = received(host);
    System.out.printf(
        "interop: killed %d times: received %.1f %% of the size, headers and all%n",
        KILLS, 100.0 * received / content.size());
    assertThat(received).isLessThan(content.size() * 11 / 10);
  }

  /// What came in at a host's interface, in bytes.
  private static long received(Host host) {
    Matcher matcher =
        RECEIVED.matcher(
            Command.must(
                "", "ip", "-n", host.namespace(), "-s", "-j", "link", "show", "dev", "eth0"));
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
