package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.SmallTorrent.Entry;
import peerage.node.Storage.Access;
import peerage.node.StorageException.Reason;
import peerage.pieces.PieceSet;

final class RecheckTest {
  @TempDir Path folder;

  // Pieces of 1024: a has 0 to 2, b has 2 to 4, c has 4 to 5.
  private final SmallTorrent torrent =
      SmallTorrent.of(1024, Entry.data("a", 2500), Entry.data("b", 2000), Entry.data("c", 1500));

  private Storage storage;

  @BeforeEach
  void open() throws IOException {
    Path parts = folder.resolve("state/parts");
    storage = Storage.open(torrent.metainfo(), folder, Selection.all(), Access.WRITE, parts);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void aCompleteTorrentIsGood() throws IOException {
    torrent.putInto(folder);
    Recheck.Result result = run();
    assertThat(result.good()).isEqualTo(PieceSet.full(6));
    assertThat(result.bad().isEmpty()).isTrue();
    assertThat(result.foreign()).isEmpty();
    assertThat(result.cancelled()).isFalse();
  }

  @Test
  void onlyThePiecesAskedForAreHashed() throws IOException {
    torrent.putInto(folder);
    List<String> told = new ArrayList<>();
    Recheck.Result result =
        recheck()
            .run(torrent.set(1, 4), (done, total) -> told.add(done + "/" + total), () -> false);
    assertThat(result.good()).isEqualTo(torrent.set(1, 4));
    assertThat(told).containsExactly("1/2", "2/2");
  }

  @Test
  void aDamagedByteAndAMissingFileAreTold() throws IOException {
    torrent.putInto(folder);
    byte[] a = torrent.contentOf(torrent.metainfo().files().getFirst());
    a[1030]++;
    Files.write(torrent.place(0, folder), a);
    Files.delete(torrent.place(2, folder));
    Recheck.Result result = run();
    assertThat(result.good()).isEqualTo(torrent.set(0, 2, 3));
    assertThat(result.bad()).isEqualTo(torrent.set(1, 4, 5));
    assertThat(result.foreign()).isEmpty();
  }

  @Test
  void aFileWithoutAnyGoodPieceIsForeign() throws IOException {
    torrent.putInto(folder);
    Files.write(torrent.place(0, folder), new byte[2500]);
    assertThat(run().foreign()).containsExactly(0);
    assertThat(run().good()).isEqualTo(torrent.set(3, 4, 5));
    StorageTest.refused(
        Reason.EXISTS,
        () -> {
          throw recheck().exists(0);
        },
        "t/a");
  }

  @Test
  void aPartOfAFileIsNotForeign() throws IOException {
    torrent.putInto(folder);
    byte[] half = new byte[2500];
    System.arraycopy(torrent.content(), 0, half, 0, 1100);
    Files.write(torrent.place(0, folder), half);
    assertThat(run().foreign()).isEmpty();
  }

  @Test
  void anEmptyFileIsNobodys() throws IOException {
    torrent.putInto(folder);
    Files.write(torrent.place(0, folder), new byte[0]);
    assertThat(run().foreign()).isEmpty();
  }

  @Test
  void aLongerFileIsForeignThoughItsPiecesAreGood() throws IOException {
    torrent.putInto(folder);
    Files.write(torrent.place(2, folder), new byte[1], StandardOpenOption.APPEND);
    Recheck.Result result = run();
    assertThat(result.good()).isEqualTo(PieceSet.full(6));
    assertThat(result.foreign()).containsExactly(2);
  }

  @Test
  void aFileOfWhichNotAllWasHashedIsNotCalledForeign() throws IOException {
    torrent.putInto(folder);
    Files.write(torrent.place(0, folder), new byte[2500]);
    assertThat(recheck().run(torrent.set(0, 1), (_, _) -> {}, () -> false).foreign()).isEmpty();
  }

  @Test
  void cancellingEndsEarlyAndSaysSo() throws IOException {
    torrent.putInto(folder);
    List<Integer> told = new ArrayList<>();
    Recheck.Result result =
        recheck().run(PieceSet.full(6), (done, _) -> told.add(done), () -> told.size() >= 2);
    assertThat(result.cancelled()).isTrue();
    assertThat(result.good().count()).isBetween(2, 4);
    assertThat(result.foreign()).isEmpty();
  }

  @Test
  void aCancelledRunCallsNoFileForeign() throws IOException {
    torrent.putInto(folder);
    Files.write(torrent.place(0, folder), new byte[2500]);
    List<Integer> told = new ArrayList<>();
    Recheck.Result result =
        recheck().run(PieceSet.full(6), (done, _) -> told.add(done), () -> told.size() >= 4);
    assertThat(result.bad()).isEqualTo(torrent.set(0, 1, 2)); // which is the whole file
    assertThat(result.cancelled()).isTrue();
    assertThat(result.foreign()).isEmpty();
  }

  @Test
  void anInterruptCancelsWithoutClosingTheFiles() throws IOException {
    torrent.putInto(folder);
    Thread.currentThread().interrupt();
    run();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(run().good().isFull()).isTrue();
  }

  @Test
  void whatIsUnsafeToReadEndsItWithASentence() throws IOException {
    torrent.putInto(folder);
    Files.delete(torrent.place(1, folder));
    Files.createDirectory(torrent.place(1, folder));
    StorageTest.refused(Reason.UNSAFE, this::run, "t/b");
  }

  @Test
  void aBugInTheMeterIsNotSwallowed() throws IOException {
    torrent.putInto(folder);
    assertThatThrownBy(
            () ->
                recheck()
                    .run(
                        PieceSet.full(6),
                        (_, _) -> {
                          throw new IllegalStateException("bug");
                        },
                        () -> false))
        .isInstanceOf(IllegalStateException.class);
  }

  private Recheck.Result run() throws IOException {
    return recheck().run(PieceSet.full(6), (_, _) -> {}, () -> false);
  }

  private Recheck recheck() {
    return new Recheck(torrent.metainfo(), storage);
  }
}
