package peerage.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.wire.Torrents.parseWith;
import static peerage.wire.Torrents.single;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;

/// What stands outside the `info` dictionary: trackers and words.
final class MetainfoAboutTest {
  @Test
  void anAnnounceAloneIsOneTier() throws MalformedMessage {
    assertThat(about("announce", Bencoded.Bytes.of("http://a/announce")).trackers())
        .containsExactly(List.of("http://a/announce"));
  }

  @Test
  void anAnnounceListComesInTiersAndInsteadOfAnnounce() throws MalformedMessage {
    Bencoded.Dict.Builder torrent =
        Bencoded.Dict.builder()
            .put("announce", "http://ignored")
            .put("announce-list", list(list("http://a", "udp://b:1"), list("wss://c")));
    assertThat(parseWith(torrent, single()).trackers())
        .containsExactly(List.of("http://a", "udp://b:1"), List.of("wss://c"));
  }

  @Test
  void anAnnounceListWithoutAUrlGivesWayToAnnounce() throws MalformedMessage {
    Bencoded.Dict.Builder torrent =
        Bencoded.Dict.builder()
            .put("announce", "http://a")
            .put("announce-list", list(list(), list("")));
    assertThat(parseWith(torrent, single()).trackers()).containsExactly(List.of("http://a"));
  }

  @Test
  void aListWithoutTiersIsATierEach() throws MalformedMessage {
    assertThat(about("announce-list", list("http://a", "http://b")).trackers())
        .containsExactly(List.of("http://a"), List.of("http://b"));
  }

  @Test
  void whatIsNoUrlIsLeftOut() throws MalformedMessage {
    Bencoded tier =
        list(
            new Bencoded.Int(1),
            list("http://nested"),
            Bencoded.Bytes.of("no url"),
            Bencoded.Bytes.of("http://two words"),
            Bencoded.Bytes.of("http://\u001b[2J"),
            new Bencoded.Bytes(new byte[] {'h', ':', (byte) 0xFF}),
            Bencoded.Bytes.of("://x"),
            Bencoded.Bytes.of("http://" + "x".repeat(2042)),
            Bencoded.Bytes.of(" http://good\n"));
    assertThat(about("announce-list", list(tier)).trackers())
        .containsExactly(List.of("http://good"));
  }

  @Test
  void aUrlHas2KibAtMost() throws MalformedMessage {
    String longest = "http://" + "x".repeat(2041);
    assertThat(about("announce", Bencoded.Bytes.of(longest)).trackers())
        .containsExactly(List.of(longest));
  }

  @Test
  void theSameUrlCountsOnce() throws MalformedMessage {
    assertThat(about("announce-list", list(list("http://a", "http://a"), list("http://a"))))
        .satisfies(t -> assertThat(t.trackers()).containsExactly(List.of("http://a")));
  }

  @Test
  void aHundredTrackersAreEnough() throws MalformedMessage {
    List<Bencoded> tiers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      tiers.add(list("http://a" + i, "http://b" + i));
    }
    Metainfo torrent = about("announce-list", Bencoded.items(tiers));
    assertThat(torrent.trackers()).hasSize(50).allMatch(tier -> tier.size() == 2);
  }

  @Test
  void nodesOfTheDhtAreRead() throws MalformedMessage {
    assertThat(
            about(
                    "nodes",
                    list(
                        node("127.0.0.1", 6881),
                        node("your.router.node", 4804),
                        node("2001:db8:100:0:d5c8:db3f:995e:c0f7", 1941)))
                .nodes())
        .containsExactly(
            "127.0.0.1:6881", "your.router.node:4804", "[2001:db8:100:0:d5c8:db3f:995e:c0f7]:1941");
  }

  @Test
  void whatIsNoNodeIsLeftOut() throws MalformedMessage {
    Bencoded nodes =
        list(
            node("good", 65535),
            node("good", 65535),
            node("a", 0),
            node("a", 65536),
            node("", 1),
            node("two words", 1),
            node("x\u001b[2J", 1),
            node("x".repeat(256), 1),
            list("a", "1"),
            list("a"),
            Bencoded.Dict.EMPTY,
            new Bencoded.Int(1));
    assertThat(about("nodes", nodes).nodes()).containsExactly("good:65535");
    assertThat(about("nodes", Bencoded.Bytes.of("a:1")).nodes()).isEmpty();
  }

  @Test
  void sixteenNodesAreEnoughAndOtherTrackersLeaveThem() throws MalformedMessage {
    List<Bencoded> nodes = new ArrayList<>();
    for (int port = 1; port <= 100; port++) {
      nodes.add(node("a", port));
    }
    Metainfo torrent = about("nodes", Bencoded.items(nodes));
    assertThat(torrent.nodes()).hasSize(Metainfo.MAX_NODES).startsWith("a:1", "a:2");
    assertThat(torrent.withTrackers(List.of()).nodes()).isEqualTo(torrent.nodes());
  }

  private static Bencoded node(String host, int port) {
    return list(Bencoded.Bytes.of(host), new Bencoded.Int(port));
  }

  @Test
  void wordsAreRead() throws MalformedMessage {
    Bencoded.Dict.Builder torrent =
        Bencoded.Dict.builder()
            .put("comment", "two\nlines")
            .put("created by", "prog\u001b[2J 1.0")
            .put("creation date", 1234567890);
    Metainfo read = parseWith(torrent, single());
    assertThat(read.comment()).contains("two lines");
    assertThat(read.createdBy()).contains("prog?[2J 1.0");
    assertThat(read.creationDate()).hasValue(1234567890);
  }

  @Test
  void wordsAreCutShort() throws MalformedMessage {
    assertThat(about("comment", Bencoded.Bytes.of("x".repeat(9999))).comment())
        .contains("x".repeat(Metainfo.MAX_TEXT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"announce", "announce-list", "comment", "created by", "creation date"})
  void whatIsOfTheWrongTypeCountsAsNotSaid(String key) throws MalformedMessage {
    for (Bencoded wrong :
        List.of(Bencoded.Dict.EMPTY, list(), new Bencoded.Int(-1), Bencoded.Bytes.of(" "))) {
      Metainfo torrent = about(key, wrong);
      assertThat(torrent.trackers()).isEmpty();
      assertThat(torrent.comment()).isEmpty();
      assertThat(torrent.createdBy()).isEmpty();
      assertThat(torrent.creationDate()).isEmpty();
    }
  }

  private static Metainfo about(String key, Bencoded value) throws MalformedMessage {
    return parseWith(Bencoded.Dict.builder().put(key, value), single());
  }

  private static Bencoded list(Bencoded... values) {
    return Bencoded.items(List.of(values));
  }

  private static Bencoded list(String... urls) {
    return Bencoded.items(List.of(urls).stream().map(Bencoded.Bytes::of).toList());
  }

  private static Bencoded list() {
    return Bencoded.items(List.of());
  }
}
