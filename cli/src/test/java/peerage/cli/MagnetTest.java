package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import peerage.bencode.MalformedMessage;
import peerage.wire.Magnet;

/// Magnet links by whole command lines, on the loopback.
final class MagnetTest extends SwarmOfTwo {
  @Override
  CompletableFuture<ExitCode> start(Recorded where, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--no-dht", "--no-lan"));
    return super.start(where, all.toArray());
  }

  private static String link(Path torrent, String... more) {
    var one = new Recorded();
    assertThat(one.run("magnet", torrent, "--no-peers")).isEqualTo(ExitCode.OK);
    return one.out().strip() + String.join("", more);
  }

  private static String infoHash(Path torrent) throws MalformedMessage {
    return Magnet.parse(link(torrent)).infoHash().hex();
  }

  @Test
  void aLinkIsEnoughToGetTheFiles() {
    Path torrent = Shared.torrent(album);
    String link = link(torrent, "&x.pe=", seeding(torrent));
    Path into = home.resolve("into");
    ExitCode exit = start(shell, "get", link, "-d", into).join();
    assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
    assertThat(into.resolve("album/b.bin")).hasSameBinaryContentAs(album.resolve("b.bin"));
    assertThat(shell.lines())
        .containsSubsequence(
            "album: fetching the metadata from peers",
            "album: the metadata is here: 293 KiB in 3 files");
  }

  @Test
  void aBareInfoHashIsALink() throws MalformedMessage {
    Path torrent = Shared.torrent(album);
    String seed = seeding(torrent);
    Path into = home.resolve("into");
    ExitCode exit =
        start(shell, "get", infoHash(torrent), "-d", into, "--peer", seed, "--json-lines").join();
    assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
    assertThat(into.resolve("album/b.bin")).exists();
    assertThat(shell.out())
        .contains("\"event\":\"torrent\"")
        .contains("\"name\":\"album\",\"size\":300000");
  }

  @Test
  void theLinkChoosesFilesUnlessTheUserDoes() {
    Path torrent = Shared.torrent(album, "-s", "16");
    String link = link(torrent, "&so=0&x.pe=", seeding(torrent));
    Path linked = home.resolve("linked");
    assertThat(start(shell, "get", link, "-d", linked).join()).isEqualTo(ExitCode.OK);
    assertThat(linked.resolve("album/a/deep.txt")).exists();
    assertThat(linked.resolve("album/b.bin")).doesNotExist();
    Path chosen = home.resolve("chosen");
    assertThat(start(shell, "get", link, "-d", chosen, "--select-file=2").join())
        .isEqualTo(ExitCode.OK);
    assertThat(chosen.resolve("album/b.bin")).exists();
    assertThat(chosen.resolve("album/a/deep.txt")).doesNotExist();
  }

  @Test
  void aChoiceOfNoFileIsAMistakeOnceItIsKnown() {
    Path torrent = Shared.torrent(album);
    String seed = seeding(torrent);
    assertThat(start(shell, "get", link(torrent, "&x.pe=", seed), "--select-file=9").join())
        .isEqualTo(ExitCode.BAD_OPTION);
    assertThat(shell.err()).isEqualTo("peerage: there is no file 9 in album, which has 3 files\n");
    var other = new Recorded();
    assertThat(start(other, "get", link(torrent, "&so=7&x.pe=", seed)).join())
        .isEqualTo(ExitCode.BAD_OPTION);
    assertThat(other.err()).contains("chooses files that album does not have").hasLineCount(1);
  }

  @Test
  void aTorrentAndItsLinkAreTakenOnce() {
    Path torrent = Shared.torrent(album);
    String seed = seeding(torrent);
    String link = link(torrent);
    Path into = home.resolve("into");
    ExitCode exit = start(shell, "get", torrent, link, "-d", into, "--peer", seed).join();
    assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
    assertThat(shell.err()).contains("is the same torrent as one before it").hasLineCount(1);
  }

  @Test
  void withoutAPeerOrWithoutItsMetadataItGivesUpWithACodeOfItsOwn() throws MalformedMessage {
    Path torrent = Shared.torrent(album);
    String hash = infoHash(torrent);
    assertThat(start(shell, "get", hash, "--give-up-after", "1").join())
        .isEqualTo(ExitCode.NO_PEER);
    var _ = start(seeder, "peers", hash, "--json-lines", "--for", "30", "--port", 0, "-v");
    var other = new Recorded();
    assertThat(start(other, "show", hash, "--fetch", "--for", "1").join())
        .isEqualTo(ExitCode.NO_PEER);
    assertThat(other.err()).contains("found no peer of " + hash + " in 1s");
  }

  @Test
  void showSaysWhatTheLinkSaysAndFetchesTheRestWhenAsked() {
    Path torrent = Shared.torrent(album, "-t", "http://127.0.0.1:1/announce");
    String link = link(torrent, "&x.pe=", seeding(torrent), "&so=1&ws=http://w.example/");
    assertThat(shell.run("show", link)).isEqualTo(ExitCode.OK);
    assertThat(shell.out())
        .contains("Name:        album")
        .contains("(claimed)")
        .contains("tier 1  http://127.0.0.1:1/announce")
        .contains("Selects:     1 (files, counted from 0)")
        .contains("http://w.example/")
        .doesNotContain("deep.txt");
    assertThat(shell.err()).contains("--fetch asks them");
    var other = new Recorded();
    assertThat(start(other, "show", link, "--fetch").join()).as(other.err()).isEqualTo(ExitCode.OK);
    assertThat(other.out()).contains("Pieces:").contains("album/a/deep.txt");
    var json = new Recorded();
    assertThat(json.run("show", link, "--json")).isEqualTo(ExitCode.OK);
    assertThat(json.out()).startsWith("{\"name\":\"album\"").contains("\"select\":[\"1\"]");
  }

  @Test
  void aMagnetIsWrittenWithPeersThatAreThere() throws MalformedMessage {
    Path torrent = Shared.torrent(album);
    String seed = seeding(torrent);
    assertThat(start(shell, "magnet", torrent, "--peer", seed, "--peers=1", "--local-peers").join())
        .isEqualTo(ExitCode.OK);
    Magnet magnet = Magnet.parse(shell.out());
    assertThat(magnet.peers()).hasToString("[" + seed + "]");
    assertThat(magnet.name()).contains("album");
    assertThat(magnet.length()).hasValue(300_000);
    var remote = new Recorded();
    assertThat(start(remote, "magnet", torrent, "--peer", seed, "--for", "1").join())
        .isEqualTo(ExitCode.OK);
    assertThat(Magnet.parse(remote.out()).peers()).as("of use to nobody far away").isEmpty();
    assertThat(remote.err()).contains("none is named");
  }

  @Test
  void ofAPrivateTorrentNoPeerIsNamed() throws MalformedMessage {
    Path torrent = Shared.torrent(album, "-p", "-t", "http://127.0.0.1:1/announce");
    String seed = seeding(torrent);
    assertThat(start(shell, "magnet", torrent, "--peer", seed, "--local-peers").join())
        .isEqualTo(ExitCode.OK);
    assertThat(Magnet.parse(shell.out()).peers()).isEmpty();
    assertThat(shell.err()).contains("the torrent is private").hasLineCount(1);
  }
}
