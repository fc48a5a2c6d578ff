package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The DHT together with libtorrent's: each side as the router of the other, in both families.
@Timeout(300)
final class DhtTest {
  private static final int NODES = 3;
  private static final String SWARM = "ab".repeat(20);

  @RegisterExtension final Lab lab = new Lab();

  /// An address family.
  enum Family {
    V4,
    V6;

    String endpoint(Host host) {
      return this == V4 ? host.endpoint() : host.endpoint6();
    }

    String ip(Host host) {
      return this == V4 ? host.ip4() : host.ip6();
    }
  }

  @ParameterizedTest
  @EnumSource
  void libtorrentNodesFindEachOthersPeersThroughOurRouter(Family family) {
    List<LibtorrentDht> nodes = libtorrents(family, ourRouter(family));

    nodes.getFirst().announce(SWARM, lab.folder("nothing"));

    String announced = family.endpoint(nodes.getFirst().host());
    LibtorrentDht last = nodes.getLast();
    last.process().await("the peer", () -> last.peers(SWARM).contains(announced));
  }

  @ParameterizedTest
  @EnumSource
  void weFindAPeerAndItemsThroughTheirRouter(Family family) {
    Host host = lab.host();
    LibtorrentDht router = libtorrent(host, family, Optional.empty());
    String entrance = family.endpoint(host);
    List<LibtorrentDht> nodes = libtorrents(family, entrance);
    nodes.getFirst().announce(SWARM, lab.folder("nothing"));
    String announced = family.endpoint(nodes.getFirst().host());
    Host ours = lab.host();

    Await.value(
        "the peer that announced itself",
        () ->
            dht(ours, family, entrance, "peers", SWARM)
                .filter(line -> line.text("event").equals("peer"))
                .map(line -> line.text("peer"))
                .filter(announced::equals)
                .findFirst());
    itemsGoBothWays(ours, family, entrance, nodes.getLast());
    assertThat(router.nodes()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void itemsGoBothWaysThroughOurRouter(Family family) {
    String entrance = ourRouter(family);
    List<LibtorrentDht> nodes = libtorrents(family, entrance);

    itemsGoBothWays(lab.host(), family, entrance, nodes.getLast());
  }

  private void itemsGoBothWays(
      Host ours, Family family, String entrance, LibtorrentDht libtorrent) {
    String theirs = libtorrent.put("immutable of libtorrent");
    assertThat(item(ours, family, entrance, "get", theirs).text("text"))
        .isEqualTo("immutable of libtorrent");

    JsonLine put = item(ours, family, entrance, "put", "immutable of ours");
    assertThat(libtorrent.get(put.text("target"))).isEqualTo("immutable of ours");

    String key = libtorrent.putMutable("mutable of libtorrent", "salt");
    JsonLine found = item(ours, family, entrance, "get", "--key", key, "--salt", "salt");
    assertThat(found.text("text")).isEqualTo("mutable of libtorrent");
    assertThat(found.number("seq")).isEqualTo(1);

    Path file = lab.folder("key").resolve("key.pem");
    String[] put1 = {"put", "mutable of ours", "--key", file.toString(), "--seq", "1"};
    String[] put2 = {"put", "changed by us", "--key", file.toString(), "--cas", "1", "--seq", "2"};
    String ourKey = item(ours, family, entrance, put1).text("key");
    assertThat(libtorrent.getMutable(ourKey, "")).isEqualTo("mutable of ours");
    item(ours, family, entrance, put2);
    assertThat(item(ours, family, entrance, "get", "--key", ourKey).text("text"))
        .isEqualTo("changed by us");
  }

  @Test
  void aTorrentArrivesFromAPeerThatOnlyTheDhtNamed() {
    String entrance = ourRouter(Family.V4);
    Content content = lab.content(Content.Shape.FILE, 1 << 20);
    Share have = lab.seed(content, content.torrent());
    peerage(lab.host(), "seed", entrance, have).await("dht", line -> line.number("stored") > 0);
    Share want = lab.leech(content.torrent());

    PeerageProcess leech = peerage(lab.host(), "get", entrance, want);

    assertThat(leech.process().awaitExit()).isZero();
    assertThat(content.missingIn(want.folder())).isEmpty();
    assertThat(leech.events("heard"))
        .anyMatch(line -> line.object("origin").text("kind").equals("dht"));
  }

  private PeerageProcess peerage(Host host, String command, String entrance, Share share) {
    return PeerageProcess.start(
        lab,
        host,
        lab.folder("state"),
        command,
        share.torrent().toString(),
        "-d",
        share.folder().toString(),
        "--no-lan",
        "--dht-router",
        entrance);
  }

  /// @return where it is entered
  private String ourRouter(Family family) {
    Host host = lab.host();
    PeerageProcess.start(lab, host, lab.folder("state"), "dht-router", "--bind", family.ip(host))
        .await("listening", _ -> true);
    return family.endpoint(host);
  }

  /// Nodes that begin one after the other: libtorrent asks its router once, and again only after
  /// ten minutes, so the router must know of the one before by then.
  private List<LibtorrentDht> libtorrents(Family family, String entrance) {
    Host asker = lab.host();
    List<LibtorrentDht> nodes = new ArrayList<>();
    for (int i = 1; i <= NODES; i++) {
      nodes.add(libtorrent(lab.host(), family, Optional.of(entrance)));
      int withRouter = i + 1;
      Await.until(
          "answers of the router and " + i + " nodes",
          () -> answers(asker, family, entrance) >= withRouter);
    }
    nodes.forEach(node -> node.process().await("a node in its table", () -> node.nodes() > 0));
    return nodes;
  }

  /// How many nodes answer when somebody looks around.
  private long answers(Host asker, Family family, String entrance) {
    return dht(asker, family, entrance, "peers", "cd".repeat(20))
        .filter(line -> line.text("event").equals("end"))
        .mapToLong(line -> line.number("answers"))
        .findFirst()
        .orElse(0);
  }

  private LibtorrentDht libtorrent(Host host, Family family, Optional<String> router) {
    return LibtorrentDht.start(lab, host, family.endpoint(host), router);
  }

  /// The item that a command of ours found or put.
  private JsonLine item(Host host, Family family, String entrance, String... command) {
    return dht(host, family, entrance, command)
        .filter(line -> line.text("event").equals("item"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no item: " + Arrays.toString(command)));
  }

  /// Runs `peerage dht`.
  private Stream<JsonLine> dht(Host host, Family family, String entrance, String... command) {
    List<String> line = new ArrayList<>(PeerageProcess.java("peerage.cli.Main"));
    line.add("dht");
    line.addAll(List.of(command));
    line.addAll(List.of("--json-lines", "--bind", family.ip(host), "--dht-router", entrance));
    Running process = lab.start(host, "peerage dht " + command[0], line);
    process.awaitExit();
    return process.lines().stream().map(JsonLine::parse);
  }
}
