package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `get`, `seed` and `peers` against each other, by whole command lines, on the loopback.
final class TransferTest extends SwarmOfTwo {
  @Test
  void twoThatKnowATrackerMeetAndOneGetsTheFiles() throws IOException {
    try (var tracker = new DemoTracker()) {
      Path torrent = Shared.torrent(album, "-t", tracker.url());
      seeding(torrent);
      Path into = home.resolve("into");
      ExitCode exit = start(shell, "get", torrent, "-d", into).join();
      assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
      assertThat(into.resolve("album/b.bin")).hasSameBinaryContentAs(album.resolve("b.bin"));
      assertThat(into.resolve("album/empty")).isEmptyFile();
      assertThat(shell.out())
          .contains("album: complete, 293 KiB (293 KiB in ")
          .contains(into.toString());
      assertThat(shell.err()).isEmpty();
    }
  }

  @Test
  void jsonLinesTellTheWholeStoryAndNothingElse() {
    Path torrent = Shared.torrent(album);
    String seed = seeding(torrent);
    Path into = home.resolve("into");
    ExitCode exit = start(shell, "get", torrent, "-d", into, "--peer", seed, "--json-lines").join();
    assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
    List<String> lines = shell.lines();
    lines.forEach(line -> assertThat(EventWordsTest.names(line)).startsWith("event", "time"));
    assertThat(lines.getFirst()).startsWith("{\"event\":\"listening\"");
    assertThat(lines.getLast()).startsWith("{\"event\":\"end\"").contains("\"exit\":0");
    assertThat(shell.out())
        .contains("\"event\":\"added\"")
        .contains("\"event\":\"joined\"")
        .contains("\"candidate\":\"" + seed + "\",\"origin\":{\"kind\":\"given\"}")
        .contains("\"event\":\"connected\"")
        .contains("\"event\":\"piece\"")
        .contains("\"event\":\"complete\"");
  }

  @Test
  void onlyTheChosenFilesAreFetched() {
    Path torrent = Shared.torrent(album, "-s", "16");
    String seed = seeding(torrent);
    Path into = home.resolve("into");
    ExitCode exit =
        start(
                shell,
                "get",
                torrent,
                "-d",
                into,
                "--peer",
                seed,
                "--select-file=1",
                "--regex",
                "deep")
            .join();
    assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
    assertThat(into.resolve("album/a/deep.txt"))
        .hasSameBinaryContentAs(album.resolve("a/deep.txt"));
    assertThat(into.resolve("album/b.bin")).doesNotExist();
  }

  @Test
  void aChoiceOfNoFileIsAMistake() {
    Path torrent = Shared.torrent(album);
    assertThat(start(shell, "get", torrent, "--select-file=9").join())
        .isEqualTo(ExitCode.BAD_OPTION);
    assertThat(shell.err()).isEqualTo("peerage: there is no file 9 in album, which has 3 files\n");
    var other = new Recorded();
    assertThat(start(other, "get", torrent, "-r", "nothing").join()).isEqualTo(ExitCode.BAD_OPTION);
    assertThat(other.err()).isEqualTo("peerage: no file of album is chosen: see peerage show\n");
  }

  @Test
  void aDownloadThatIsStoppedSaysHowToGoOnAndGoesOn() throws IOException {
    Path film = Shared.write(home.resolve("film"), 3_000_000, 5);
    Path torrent = Shared.torrent(film);
    String seed = seeding(torrent, "--up-limit", "400");
    Path into = home.resolve("into");
    Object[] line = {
      "get", torrent, "-d", into, "--peer", seed, "--state", home.resolve("state"), "--json-lines"
    };
    var running = start(shell, line);
    Recorded.await("a piece is here", () -> shell.out().contains("\"event\":\"piece\""));
    shell.stop();
    assertThat(running.join()).isEqualTo(ExitCode.UNFINISHED);
    assertThat(shell.err())
        .startsWith("peerage: stopped film at ")
        .contains("the progress is kept; to go on: peerage get -d " + into + " " + torrent)
        .hasLineCount(1);
    assertThat(shell.lines().getLast()).contains("\"exit\":7");

    var again = new Recorded();
    ExitCode exit = start(again, line).join();
    assertThat(exit).as(again.err()).isEqualTo(ExitCode.OK);
    assertThat(again.out()).doesNotContain("\"have\":0,");
    assertThat(into.resolve("film")).hasSameBinaryContentAs(film);
  }

  @Test
  void seedingEndsAtTheRatio() {
    Path torrent = Shared.torrent(album);
    String seed = seeding(torrent, "--ratio", "1");
    Path into = home.resolve("into");
    assertThat(start(shell, "get", torrent, "-d", into, "--peer", seed).join())
        .isEqualTo(ExitCode.OK);
    Recorded.await("the seed ends", () -> seeder.out().contains("\"event\":\"end\""));
    assertThat(seeder.lines().getLast()).contains("\"exit\":0");
  }

  @Test
  void aDownloadGoesOnSeedingForTheTimeGiven() throws IOException {
    Path torrent = Shared.torrent(album);
    ExitCode exit = start(shell, "get", torrent, "-d", home, "--seed=1s", "--json-lines").join();
    assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
    assertThat(shell.out()).contains("\"event\":\"complete\"").contains("\"state\":\"seeding\"");
  }

  @Test
  void withoutAnyPeerItGivesUp() {
    Path torrent = Shared.torrent(album);
    Path into = home.resolve("into");
    ExitCode exit = start(shell, "get", torrent, "-d", into, "--give-up-after", "1s").join();
    assertThat(exit).isEqualTo(ExitCode.NO_PEER);
    assertThat(shell.err()).startsWith("peerage: found no peer of album in 1s").hasLineCount(1);
  }

  @Test
  void withPeersThatHaveNothingItGivesUpToo() {
    Path torrent = Shared.torrent(album);
    var other = new Recorded();
    var waiting = start(other, "get", torrent, "-d", home.resolve("1"), "--json-lines");
    Recorded.await("the other listens", () -> other.out().contains("\"event\":\"joined\""));
    String peer = "127.0.0.1:" + other.lines().getFirst().replaceAll(".*\"port\":([0-9]+).*", "$1");
    ExitCode exit =
        start(
                shell,
                "get",
                torrent,
                "-d",
                home.resolve("2"),
                "--peer",
                peer,
                "--give-up-after",
                "2")
            .join();
    assertThat(exit).isEqualTo(ExitCode.UNFINISHED);
    assertThat(shell.err())
        .startsWith("peerage: gave up on album after 2s without progress; to go on: peerage get ")
        .hasLineCount(1);
    other.stop();
    assertThat(waiting.join()).isEqualTo(ExitCode.UNFINISHED);
  }

  @Test
  void aFileInTheWayIsKeptUnlessToldOtherwise() throws IOException {
    Path torrent = Shared.torrent(album);
    String seed = seeding(torrent);
    Path into = home.resolve("into");
    Path inTheWay = Shared.write(into.resolve("album/b.bin"), 200_000, 99);
    byte[] before = Files.readAllBytes(inTheWay);
    assertThat(start(shell, "get", torrent, "-d", into, "--peer", seed).join())
        .isEqualTo(ExitCode.FILE_EXISTS);
    assertThat(shell.err()).startsWith("peerage: ").hasLineCount(1);
    assertThat(inTheWay).hasBinaryContent(before);
    var other = new Recorded();
    ExitCode exit = start(other, "get", torrent, "-d", into, "--peer", seed, "--overwrite").join();
    assertThat(exit).as(other.err()).isEqualTo(ExitCode.OK);
    assertThat(inTheWay).hasSameBinaryContentAs(album.resolve("b.bin"));
  }

  @Test
  void whatIsNotCompleteIsNotSeeded() throws IOException {
    Path torrent = Shared.torrent(album);
    Files.delete(album.resolve("b.bin"));
    assertThat(start(shell, "seed", torrent, "-d", home).join()).isEqualTo(ExitCode.VERIFY_FAILED);
    assertThat(shell.err()).startsWith("peerage: ").containsPattern("[0-9]").hasLineCount(1);
  }

  @Test
  void severalTorrentsRunTogetherAndTheFirstFailureIsReported() throws IOException {
    Path torrent = Shared.torrent(album);
    Path film = Shared.write(home.resolve("film"), 50_000, 5);
    Path other = Shared.torrent(film);
    String seed = seeding(torrent);
    Path into = home.resolve("into");
    Files.createDirectories(into);
    Files.copy(film, into.resolve("film"));
    ExitCode exit =
        start(
                shell,
                "get",
                torrent,
                home.resolve("none.torrent"),
                other,
                torrent,
                "-d",
                into,
                "--peer",
                seed)
            .join();
    assertThat(exit).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(shell.err())
        .contains("there is no file " + home.resolve("none.torrent"))
        .contains("is the same torrent as one before it");
    assertThat(shell.out()).contains("album: complete").contains("film: complete");
  }

  @Test
  void aPortThatIsTakenIsReplacedAndSaid() throws IOException {
    Path torrent = Shared.torrent(album);
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (var taken = new ServerSocket(0, 1, loopback)) {
      int port = taken.getLocalPort();
      assertThat(start(shell, "get", torrent, "-d", home, "--port", port).join())
          .isEqualTo(ExitCode.OK);
      assertThat(shell.out()).containsPattern("port " + port + " is taken, listening on [0-9]+");
    }
  }

  @Test
  void peersAreFoundWithoutADownload() {
    try (var tracker = new DemoTracker()) {
      Path torrent = Shared.torrent(album, "-t", tracker.url());
      String seed = seeding(torrent);
      Recorded.await("the tracker knows", () -> seeder.out().contains("\"event\":\"tracker\""));
      ExitCode exit = start(shell, "peers", torrent, "--max", 1).join();
      assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
      assertThat(shell.lines().getFirst())
          .matches(seed + " +Peerage 0\\.1\\.0 +tracker " + tracker.url());
      assertThat(shell.lines().get(shell.lines().size() - 2))
          .matches("1 peer verified in [0-9]+s \\(1 by tracker\\), heard of 1 address");
      assertThat(shell.lines().getLast())
          .matches("(no peer exchange|peer exchange): .*")
          .contains("told")
          .contains("heard");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void peersAsJsonLinesEndWithASummary() {
    Path torrent = Shared.torrent(album);
    String seed = seeding(torrent);
    assertThat(start(shell, "peers", torrent, "--max", 1, "--peer", seed, "--json-lines").join())
        .isEqualTo(ExitCode.OK);
    assertThat(shell.lines()).hasSize(2);
    assertThat(shell.lines().getFirst())
        .startsWith("{\"event\":\"peer\"")
        .contains("\"peer\":\"" + seed + "\"")
        .contains("\"origins\":[{\"kind\":\"given\"}]");
    assertThat(shell.lines().getLast())
        .contains("\"event\":\"end\"")
        .contains("\"exit\":0,\"peers\":1,\"by_origin\":{\"given\":1}");
  }

  @Test
  void noPeerAtAllHasAnExitCodeOfItsOwn() {
    Path torrent = Shared.torrent(album);
    assertThat(start(shell, "peers", torrent, "--for", "1s").join()).isEqualTo(ExitCode.NO_PEER);
    assertThat(shell.err()).startsWith("peerage: found no peer in ").hasLineCount(1);
  }
}
