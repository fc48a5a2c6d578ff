package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A swarm of Peerage alone.
@Timeout(300)
final class SwarmTest {
  private static final int PEERS = 12;

  @RegisterExtension final Lab lab = new Lab();

  @Test
  void aNewcomerThatKnowsOnePeerMeetsAllWithoutATracker() {
    Content content = lab.content(Content.Shape.FILE, 8 << 20);
    Tracker tracker = Tracker.start(lab);
    List<Host> hosts = Stream.generate(lab::host).limit(PEERS).toList();
    tracker.introduceToAll(hosts);
    List<PeerageProcess> peers = hosts.stream().map(host -> join(host, content, tracker)).toList();
    PeerageProcess known = peers.get(PEERS / 2);
    Set<String> others =
        hosts.stream()
            .filter(host -> !host.equals(known.host()))
            .map(Host::endpoint)
            .collect(Collectors.toSet());
    known.process().await("all others", () -> peersOf(known).containsAll(others));
    tracker.process().kill();
    long begun = System.nanoTime();

    var newcomer =
        PeerageProcess.get(
            lab,
            lab.host(),
            lab.leech(content.torrent()).slowly(),
            "--peer",
            known.host().endpoint());

    newcomer
        .process()
        .await(
            "connections to all " + PEERS,
            () ->
                Sockets.connected(newcomer.process())
                    .containsAll(hosts.stream().map(Host::ip4).toList()));
    System.out.printf(
        "interop: a newcomer was connected to all %d peers %d ms after its process was started%n",
        PEERS, Duration.ofNanos(System.nanoTime() - begun).toMillis());
    newcomer.process().await("knowing whom it met", () -> peersOf(newcomer).containsAll(others));
    assertThat(newcomer.events("tracker")).isEmpty();
  }

  /// One of them, in turn a seed and leeches, all too slow to get done.
  private PeerageProcess join(Host host, Content content, Tracker tracker) {
    var torrent = content.torrent(tracker.url());
    return host.ip4().endsWith(".2")
        ? PeerageProcess.seed(lab, host, lab.seed(content, torrent).slowly())
        : PeerageProcess.get(lab, host, lab.leech(torrent).slowly());
  }

  /// Where the peers listen that it has exchanged handshakes with.
  private static Set<String> peersOf(PeerageProcess peerage) {
    return Stream.concat(peerage.events("connected"), peerage.events("introduced"))
        .map(event -> event.text("peer"))
        .collect(Collectors.toSet());
  }
}
