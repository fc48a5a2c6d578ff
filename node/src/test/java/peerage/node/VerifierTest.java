package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.wire.Metainfo;

/// Files on disk against a torrent: two of 2,500 bytes and an empty one, in pieces of 1,024.
final class VerifierTest {
  @TempDir Path home;
  private Metainfo torrent;

  @BeforeEach
  void makeTorrent() throws Exception {
    Files.createDirectory(home.resolve("f"));
    for (int i = 0; i < 2; i++) {
      byte[] bytes = new byte[2500];
      new SplittableRandom(i).nextBytes(bytes);
      Files.write(home.resolve("f/" + i), bytes);
    }
    Files.createFile(home.resolve("f/2"));
    torrent = Metainfo.parse(TorrentMaker.of(home.resolve("f")).pieceLength(1024).make(_ -> {}));
  }

  private Verifier.Report verify() throws DownloadException {
    return Verifier.verify(torrent, home, _ -> {});
  }

  @Test
  void whatIsAllThereIsComplete() throws DownloadException {
    Verifier.Report report = verify();
    assertThat(report.isComplete()).isTrue();
    assertThat(report.good()).isEqualTo(5);
    assertThat(report.files()).extracting(Verifier.FileReport::pieces).containsExactly(3, 3, 0);
  }

  @Test
  void aWrongByteSpoilsThePiecesItIsIn() throws IOException {
    byte[] bytes = Files.readAllBytes(home.resolve("f/0"));
    bytes[2400]++;
    Files.write(home.resolve("f/0"), bytes);
    Verifier.Report report = verify();
    assertThat(report.isComplete()).isFalse();
    assertThat(report.good()).isEqualTo(4);
    // Byte 2,400 is in piece 2, which both files share.
    assertThat(report.files()).extracting(Verifier.FileReport::good).containsExactly(2, 2, 0);
  }

  @Test
  void aFileThatIsMissingOrTooLongIsNotComplete() throws IOException {
    Files.delete(home.resolve("f/2"));
    Files.writeString(home.resolve("f/1"), "more", java.nio.file.StandardOpenOption.APPEND);
    Verifier.Report report = verify();
    assertThat(report.good()).isEqualTo(5);
    assertThat(report.isComplete()).isFalse();
    assertThat(report.files())
        .extracting(Verifier.FileReport::isComplete)
        .containsExactly(true, false, false);
    assertThat(report.files().getLast().exists()).isFalse();
    assertThat(report.files().get(1).size()).isEqualTo(2504);
  }

  @Test
  void nothingIsCreated() throws IOException {
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    assertThat(Verifier.verify(torrent, elsewhere, _ -> {}).good()).isZero();
    assertThat(elsewhere).isEmptyDirectory();
    assertThatThrownBy(() -> Verifier.verify(torrent, home.resolve("none"), _ -> {}))
        .hasMessage("there is no directory " + home.resolve("none"));
    assertThat(home.resolve("none")).doesNotExist();
  }

  @Test
  void progressGrowsToAllPieces() throws DownloadException {
    List<Integer> steps = new ArrayList<>();
    Verifier.Report report = Verifier.verify(torrent, home, steps::add);
    assertThat(report.pieces()).isEqualTo(5);
    assertThat(steps).isSorted().last().isEqualTo(5);
  }
}
