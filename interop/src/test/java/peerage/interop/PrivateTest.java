package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// BEP 27: peers of a private torrent come from its trackers alone. A peer of our own making, which
/// speaks PEX whatever it is offered, sees and tells.
@Timeout(300)
final class PrivateTest {
  private static final int SIZE = 1 << 20;
  private static final String NAMED = "10.91.0.200:6881";

  @RegisterExtension final Lab lab = new Lab();

  @Test
  void inAPublicTorrentPexIsOfferedAndHeard() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    var peerage = seed(content, content.torrent());

    Running pushy = pushyPeer(peerage, content.torrent());

    pushy.await("the extension handshake", () -> !pushy.lines().isEmpty());
    assertThat(pushy.lines().getFirst()).contains("ut_pex=");
    peerage.await("heard", event -> event.text("candidate").equals(NAMED));
  }

  @Test
  void inAPrivateTorrentPexIsNeitherOfferedNorHeard() {
    Content content = lab.content(Content.Shape.FILE, SIZE);
    Path torrent = content.privateTorrent("http://10.91.0.201:6969/announce");
    var peerage = seed(content, torrent);

    Running pushy = pushyPeer(peerage, torrent);

    pushy.await("the extension handshake", () -> !pushy.lines().isEmpty());
    assertThat(pushy.lines().getFirst()).startsWith("offers:").doesNotContain("ut_pex");
    peerage.await("odd", event -> event.text("what").contains("although we offered none"));
    assertThat(peerage.events("heard").map(event -> event.text("candidate"))).doesNotContain(NAMED);
    assertThat(peerage.events("told")).isEmpty();
  }

  private PeerageProcess seed(Content content, Path torrent) {
    return PeerageProcess.seed(lab, lab.host(), lab.seed(content, torrent));
  }

  private Running pushyPeer(PeerageProcess peerage, Path torrent) {
    List<String> command = new ArrayList<>(PeerageProcess.java(PushyPeer.class.getName()));
    command.addAll(List.of(peerage.host().ip4(), torrent.toString(), NAMED));
    return lab.start(lab.host(), "pushy peer", command);
  }
}
