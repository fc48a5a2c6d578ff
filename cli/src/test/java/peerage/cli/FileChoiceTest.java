package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.TorrentSource;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;

/// Files chosen by number and by name: of album/a/deep.txt, album/b.bin and album/empty.
final class FileChoiceTest {
  @TempDir Path home;
  private Metainfo torrent;

  @BeforeEach
  void makeTorrent() throws IOException {
    torrent = TorrentSource.read(Shared.torrent(Shared.album(home)));
  }

  private List<String> chosen(Predicate<TorrentFile> choice) {
    return torrent.files().stream().filter(choice).map(TorrentFile::toString).toList();
  }

  private static FileChoice numbers(String text) {
    return new FileChoice.Converter().convert(text);
  }

  @Test
  void withoutAChoiceAllAreWanted() throws CommandFailure {
    assertThat(chosen(FileChoice.of(torrent, null, null))).hasSize(3);
  }

  @Test
  void numbersAreThoseOfShow() throws CommandFailure {
    assertThat(chosen(FileChoice.of(torrent, numbers("1,3"), null)))
        .containsExactly("album/a/deep.txt", "album/empty");
    assertThat(chosen(FileChoice.of(torrent, numbers("2-"), null)))
        .containsExactly("album/b.bin", "album/empty");
  }

  @Test
  void aPatternIsFoundAnywhereInThePath() throws CommandFailure {
    assertThat(chosen(FileChoice.of(torrent, null, Pattern.compile("/b|emp"))))
        .containsExactly("album/b.bin", "album/empty");
  }

  @Test
  void withBothAFileMustBeChosenByEach() throws CommandFailure {
    assertThat(chosen(FileChoice.of(torrent, numbers("1-2"), Pattern.compile("/b|emp"))))
        .containsExactly("album/b.bin");
  }

  @Test
  void aNumberThatNoFileHasAndAnEmptyChoiceAreRefused() {
    assertThatThrownBy(() -> FileChoice.of(torrent, numbers("1-4"), null))
        .hasMessage("there is no file 4 in album, which has 3 files");
    assertThatThrownBy(() -> FileChoice.of(torrent, numbers("4-"), null))
        .hasMessage("there is no file 4 in album, which has 3 files");
    assertThatThrownBy(() -> FileChoice.of(torrent, numbers("1"), Pattern.compile("bin")))
        .hasMessage("no file of album is chosen: see peerage show");
  }
}
