package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.wire.Metainfo;

/// What is made can be shown and verified.
final class CreateShowVerifyTest {
  @TempDir Path home;
  private Path album = Path.of("");
  private final Recorded shell = new Recorded();

  @BeforeEach
  void share() throws IOException {
    album = Shared.album(home);
  }

  @Test
  void whatCreateMakesShowShows() {
    Path torrent = home.resolve("x.torrent");
    ExitCode exit =
        shell.run(
            "create",
            "-o",
            torrent,
            "-t",
            "http://one.example/a",
            "-t",
            "udp://two.example:80",
            "-p",
            "-s",
            32,
            "-c",
            "For you",
            "--source",
            "HERE",
            album);
    assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
    String hash = infoHash(shell.out());

    var shown = new Recorded();
    assertThat(shown.run("show", torrent)).isEqualTo(ExitCode.OK);
    assertThat(shown.lines())
        .contains(
            "Name:        album",
            "Info-hash:   " + hash,
            "Size:        293 KiB (300,000 bytes)",
            "Pieces:      10 of 32.0 KiB",
            "Private:     yes, peers from its trackers only",
            "Created by:  peerage 0.1.0",
            "Comment:     For you",
            "  tier 1  http://one.example/a",
            "  tier 2  udp://two.example:80",
            "     1   97.7 KiB  album/a/deep.txt",
            "     2    195 KiB  album/b.bin",
            "     3        0 B  album/empty");
  }

  @Test
  void showAsJsonIsOneDocument() {
    Path torrent = Shared.torrent(album, "-t", "http://one.example/a");
    assertThat(shell.run("show", torrent, "--json")).isEqualTo(ExitCode.OK);
    assertThat(shell.lines()).hasSize(1);
    assertThat(EventWordsTest.names(shell.out()))
        .containsExactly(
            "name",
            "info_hash",
            "size",
            "piece_length",
            "pieces",
            "private",
            "created_by",
            "creation_date",
            "trackers",
            "files");
    assertThat(shell.out())
        .contains("\"trackers\":[[\"http://one.example/a\"]]")
        .contains("{\"number\":2,\"path\":\"album/b.bin\",\"length\":200000}");
  }

  @Test
  void theSameFolderGivesTheSameInfoHash() throws IOException {
    shell.run("create", "-o", home.resolve("1.torrent"), album);
    var again = new Recorded();
    Path copy = Shared.album(home.resolve("elsewhere"));
    again.run("create", "-o", home.resolve("2.torrent"), "-c", "another comment", copy);
    assertThat(infoHash(again.out())).isEqualTo(infoHash(shell.out()));
  }

  @Test
  void nodesOfTheDhtAreWritten() throws Exception {
    Path torrent = home.resolve("n.torrent");
    shell.run(
        "create", "-o", torrent, "--node", "a.example:6881", "--node", "[2001:db8::1]:7", album);
    assertThat(Metainfo.parse(Files.readAllBytes(torrent)).nodes())
        .containsExactly("a.example:6881", "[2001:db8::1]:7");
    assertThat(shell.run("create", "-p", "-t", "http://a/b", "--node", "a.example:6881", album))
        .isEqualTo(ExitCode.BAD_OPTION);
  }

  @Test
  void aTorrentThatExistsIsNotOverwritten() throws IOException {
    Path torrent = Files.writeString(home.resolve("x.torrent"), "precious");
    assertThat(shell.run("create", "-o", torrent, album)).isEqualTo(ExitCode.FILE_EXISTS);
    assertThat(shell.err()).startsWith("peerage: " + torrent + " exists").hasLineCount(1);
    assertThat(torrent).hasContent("precious");
    assertThat(new Recorded().run("create", "--overwrite", "-o", torrent, album))
        .isEqualTo(ExitCode.OK);
    assertThat(new Recorded().run("show", torrent)).isEqualTo(ExitCode.OK);
    assertThat(home).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void whatIsLeftOutIsNamed() throws IOException {
    Files.createSymbolicLink(album.resolve("inside"), Path.of("b.bin"));
    Files.createSymbolicLink(album.resolve("outside"), home.resolve("secret"));
    Files.writeString(home.resolve("secret"), "secret");
    Files.createDirectory(album.resolve("nothing"));
    Path torrent = home.resolve("x.torrent");
    assertThat(shell.run("create", "-o", torrent, album)).isEqualTo(ExitCode.OK);
    assertThat(shell.err())
        .contains("peerage: left out outside: it is a link that leads outside\n")
        .contains("peerage: left out nothing: it is an empty folder\n")
        .hasLineCount(2);
    var shown = new Recorded();
    shown.run("show", torrent);
    assertThat(shown.out()).contains("album/inside").doesNotContain("outside");
  }

  @Test
  void aSingleFileHasNoFolder() throws IOException {
    Path file = Shared.write(home.resolve("one.iso"), 70_000, 4);
    Path torrent = Shared.torrent(file);
    shell.run("show", torrent);
    assertThat(shell.lines()).contains("     1   68.4 KiB  one.iso");
    assertThat(new Recorded().run("verify", torrent, "-d", home)).isEqualTo(ExitCode.OK);
  }

  @Test
  void whatIsCompleteVerifies() {
    Path torrent = Shared.torrent(album);
    assertThat(shell.run("verify", torrent, "-d", home)).isEqualTo(ExitCode.OK);
    assertThat(shell.out()).isEqualTo("album: complete, 293 KiB\n");
  }

  @Test
  void eachFileThatIsNotCompleteIsNamedWithItsFault() throws IOException {
    Path torrent = Shared.torrent(album, "-s", "16");
    byte[] bytes = Files.readAllBytes(album.resolve("b.bin"));
    bytes[100_000]++;
    Files.write(album.resolve("b.bin"), bytes);
    Files.delete(album.resolve("empty"));
    Files.writeString(album.resolve("a/deep.txt"), "short");
    assertThat(shell.run("verify", torrent, "-d", home)).isEqualTo(ExitCode.VERIFY_FAILED);
    assertThat(shell.lines())
        .containsExactly(
            "album/a/deep.txt: 99,995 bytes too short, 7 pieces of 7 missing",
            "album/b.bin: 2 pieces of 13 missing",
            "album/empty: not there",
            "album: 8 pieces of 19 missing");
  }

  @Test
  void aFileThatIsTooLongIsNotComplete() throws IOException {
    Path torrent = Shared.torrent(album);
    Files.writeString(album.resolve("empty"), "x");
    assertThat(shell.run("verify", torrent, "-d", home)).isEqualTo(ExitCode.VERIFY_FAILED);
    assertThat(shell.lines()).contains("album/empty: 1 byte too long");
  }

  @Test
  void verifyAsJsonIsOneDocument() {
    Path torrent = Shared.torrent(album);
    assertThat(shell.run("verify", torrent, "-d", home, "--json")).isEqualTo(ExitCode.OK);
    assertThat(shell.lines()).hasSize(1);
    assertThat(shell.out()).contains("\"complete\":true,\"pieces\":19,\"good\":19,");
  }

  @Test
  void verifyingChangesNothing() throws IOException {
    Path torrent = Shared.torrent(album);
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    assertThat(shell.run("verify", torrent, "-d", elsewhere)).isEqualTo(ExitCode.VERIFY_FAILED);
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(new Recorded().run("verify", torrent, "-d", home.resolve("none")))
        .isEqualTo(ExitCode.NOT_FOUND);
    assertThat(home.resolve("none")).doesNotExist();
  }

  @Test
  void whatIsNoTorrentIsRefused() throws IOException {
    Path file = Files.writeString(home.resolve("x.torrent"), "d4:spam4:eggse");
    assertThat(shell.run("show", file)).isEqualTo(ExitCode.BAD_TORRENT);
    assertThat(shell.err()).startsWith("peerage: " + file).hasLineCount(1);
  }

  private static String infoHash(String output) {
    var matcher = Pattern.compile("Info-hash: +([0-9a-f]{40})").matcher(output);
    assertThat(matcher.find()).as(output).isTrue();
    return matcher.group(1);
  }
}
