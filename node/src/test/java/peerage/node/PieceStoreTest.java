package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.SmallTorrent.Entry;
import peerage.node.StorageException.Reason;
import peerage.testkit.Seeds;
import peerage.wire.Block;

final class PieceStoreTest {
  private static final int PIECE = 4 * Block.SIZE;

  @TempDir Path folder;

  private final SmallTorrent torrent =
      SmallTorrent.of(PIECE, Entry.data("a", 100_000), Entry.data("b", 50_001));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HookedStorage storage;
  private PieceStore store;

  @BeforeEach
  void open() throws IOException {
    storage = open(torrent, "d");
    store = new PieceStore(torrent.metainfo(), storage, torrent.set());
  }

  @AfterEach
  void close() {
    threads.close();
    storage.close();
  }

  private HookedStorage open(SmallTorrent torrent, String name) throws IOException {
    return new HookedStorage(
        torrent.metainfo(), folder.resolve(name), Selection.all(), folder.resolve("parts"));
  }

  @Test
  void aPieceWhoseBlocksComeInOrderIsNeverRead() throws IOException {
    for (int i = 0; i < 4; i++) {
      assertThat(write(block(0, i))).isTrue();
    }
    assertThat(store.check(0)).contains(true);
    assertThat(store.check(0)).contains(true); // asked again
    assertThat(storage.bytesRead).hasValue(0);
    assertThat(store.verify(0)).isTrue();
  }

  @Test
  void onlyTheTailBehindTheFirstBlockOutOfOrderIsRead() throws IOException {
    for (int i : new int[] {0, 2, 1, 3}) {
      write(block(0, i));
    }
    assertThat(store.check(0)).isEmpty();
    assertThat(store.checkByReading(0)).isTrue();
    assertThat(storage.bytesRead).hasValue(2 * Block.SIZE);
    assertThat(store.check(0)).contains(true);
  }

  @Test
  void theLastPieceIsShorter() throws IOException {
    int last = torrent.pieces() - 1;
    for (int i = 0; i < torrent.layout().blockCount(last); i++) {
      write(block(last, i));
    }
    assertThat(store.check(last)).contains(true);
  }

  @Test
  void aBadPieceIsToldAndCanBeWrittenAgain() throws IOException {
    ByteBuffer bad = ByteBuffer.allocateDirect(Block.SIZE);
    store.write(block(0, 0), bad);
    for (int i = 1; i < 4; i++) {
      write(block(0, i));
    }
    assertThat(store.check(0)).contains(false);
    assertThat(store.verify(0)).isFalse();
    store.reset(0);
    writeAll(0);
    assertThat(store.check(0)).contains(true);
  }

  @Test
  void aBadPieceIsToldByReadingToo() throws IOException {
    store.write(block(0, 3), ByteBuffer.allocateDirect(Block.SIZE));
    for (int i = 0; i < 3; i++) {
      write(block(0, i));
    }
    assertThat(store.checkByReading(0)).isFalse();
    assertThat(store.check(0)).contains(false);
  }

  @Test
  void dataIsConsumedEvenWhenItIsRefused() throws IOException {
    write(block(0, 0));
    ByteBuffer again = torrent.bytes(block(0, 0));
    assertThat(store.write(block(0, 0), again)).isFalse();
    assertThat(again.hasRemaining()).isFalse();
  }

  @Test
  void ofTwoLinksThatBringOneBlockTheSecondIsRefusedOnceTheFirstHasLanded() throws Exception {
    var writing = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    storage.beforeWrite = () -> pass(writing, go);
    Future<Boolean> first = threads.submit(() -> write(block(0, 0)));
    writing.await();
    storage.beforeWrite = () -> {};
    var second = waiting(() -> store.write(block(0, 0), ByteBuffer.allocateDirect(Block.SIZE)));
    for (int i = 1; i < 4; i++) {
      assertThat(write(block(0, i))).isTrue(); // other blocks do not wait
    }
    assertThatThrownBy(() -> store.check(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.verified(0)).isInstanceOf(IllegalStateException.class);
    go.countDown();
    assertThat(first.get()).isTrue();
    assertThat(second.get()).isFalse();
    assertThat(store.check(0)).isEmpty();
    assertThat(store.checkByReading(0)).isTrue();
    assertThat(storage.bytesRead).hasValue(3 * Block.SIZE); // the first block was hashed
  }

  @Test
  void aLateDuplicateNeverTouchesAVerifiedPiece() throws IOException {
    writeAll(0);
    assertThat(store.check(0)).contains(true);
    store.verified(0);
    storage.beforeWrite =
        () -> {
          throw new AssertionError("nothing may be written");
        };
    assertThat(store.write(block(0, 1), ByteBuffer.allocateDirect(Block.SIZE))).isFalse();
    assertThat(store.check(0)).contains(true);
    assertThat(store.verify(0)).isTrue();
  }

  @Test
  void aPieceKnownAtTheStartIsNeverWritten() throws IOException {
    var known = new PieceStore(torrent.metainfo(), storage, torrent.set(1));
    assertThat(known.write(block(1, 0), torrent.bytes(block(1, 0)))).isFalse();
    assertThat(known.write(block(0, 0), torrent.bytes(block(0, 0)))).isTrue();
  }

  @Test
  void aWriteThatAResetOvertookCannotLandOnTheNextCopy() throws Exception {
    var writing = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    storage.beforeWrite = () -> pass(writing, go);
    Future<Boolean> stale =
        threads.submit(() -> store.write(block(0, 0), ByteBuffer.allocateDirect(Block.SIZE)));
    writing.await();
    storage.beforeWrite = () -> {};
    store.reset(0);
    var next = waiting(() -> write(block(0, 0))); // the stale one could still land on it
    store.reset(0); // a second one, too
    assertThat(write(block(0, 1))).isTrue();
    assertThat(next.isDone()).isFalse();
    go.countDown();
    assertThat(stale.get()).isFalse();
    assertThat(next.get()).isTrue();
    for (int i : new int[] {2, 3}) {
      assertThat(write(block(0, i))).isTrue();
    }
    assertThat(store.checkByReading(0)).isTrue();
    assertThat(store.verify(0)).isTrue();
  }

  @Test
  void aBlockThatCouldNotBeWrittenCanComeAgain() throws IOException {
    write(block(0, 0));
    storage.beforeWrite =
        () -> {
          throw new StorageException(Reason.DISK_FULL, "the disk is full");
        };
    assertThatThrownBy(() -> write(block(0, 1))).isInstanceOf(StorageException.class);
    storage.beforeWrite = () -> {};
    for (int i = 1; i < 4; i++) {
      assertThat(write(block(0, i))).isTrue();
    }
    assertThat(store.check(0)).contains(true);
  }

  @Test
  void aCopyThatWaitedForAWriteThatFailedIsWrittenInItsPlace() throws Exception {
    var writing = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    storage.beforeWrite =
        () -> {
          pass(writing, go);
          throw new StorageException(Reason.IO, "the disk is broken");
        };
    Future<Boolean> first = threads.submit(() -> write(block(0, 0)));
    writing.await();
    storage.beforeWrite = () -> {};
    var second = waiting(() -> write(block(0, 0)));
    go.countDown();
    assertThatThrownBy(first::get).hasCauseInstanceOf(StorageException.class);
    assertThat(second.get()).isTrue();
    for (int i = 1; i < 4; i++) {
      write(block(0, i));
    }
    assertThat(store.check(0)).contains(true);
  }

  @Test
  void aPieceOfWhichOnlyAPartCouldBeReadBackIsReadFromTheStartNextTime() throws IOException {
    SmallTorrent large = SmallTorrent.of(1 << 21, Entry.data("large", 1 << 21));
    try (HookedStorage disk = open(large, "large")) {
      var slow = new PieceStore(large.metainfo(), disk, large.set());
      for (int i = large.layout().blockCount(0) - 1; i >= 0; i--) {
        Block block = large.layout().block(0, i);
        slow.write(block, large.bytes(block));
      }
      disk.beforeRead =
          () -> {
            if (disk.bytesRead.get() > 0) {
              throw new StorageException(Reason.IO, "the disk is broken");
            }
          };
      assertThatThrownBy(() -> slow.checkByReading(0)).isInstanceOf(StorageException.class);
      disk.beforeRead = () -> {};
      assertThat(slow.checkByReading(0)).isTrue();
    }
  }

  @Test
  void onlyVerifiedPiecesAreServed() throws IOException {
    writeAll(0);
    var part = new Block(0, 100, 70);
    assertThatThrownBy(() -> store.read(part, ByteBuffer.allocateDirect(70)))
        .isInstanceOf(IllegalStateException.class);
    store.verified(0);
    ByteBuffer target = ByteBuffer.allocateDirect(70);
    store.read(part, target);
    assertThat(target.flip()).isEqualTo(torrent.bytes(100, 70));
    store.reset(0);
    assertThatThrownBy(() -> store.read(part, ByteBuffer.allocateDirect(70)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsNoBlockOfTheTorrentIsRefused() {
    for (Block block :
        List.of(
            new Block(0, 1, Block.SIZE),
            new Block(0, 0, Block.SIZE - 1),
            new Block(0, PIECE, Block.SIZE),
            new Block(3, 0, Block.SIZE),
            new Block(-1, 0, Block.SIZE))) {
      assertThatThrownBy(() -> store.write(block, ByteBuffer.allocateDirect(block.length())))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> store.write(block(0, 0), ByteBuffer.allocateDirect(5)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void paddingThatCameAsAnythingButZerosIsFoundOut() throws IOException {
    byte[] content = noise();
    SmallTorrent poison =
        SmallTorrent.of(
            2 * Block.SIZE,
            content,
            Entry.data("a", 20_000),
            Entry.padding(content.length - 20_000));
    try (HookedStorage disk = open(poison, "poison")) {
      var poisoned = new PieceStore(poison.metainfo(), disk, poison.set());
      for (int i = 0; i < 2; i++) {
        Block block = poison.layout().block(0, i);
        poisoned.write(block, poison.bytes(block));
      }
      // What came has the hash; what will be read and served has not.
      assertThat(poisoned.check(0)).isEmpty();
      assertThat(poisoned.checkByReading(0)).isFalse();
    }
  }

  private static byte[] noise() {
    byte[] noise = new byte[2 * Block.SIZE];
    new Random(1).nextBytes(noise);
    return noise;
  }

  @Test
  void aMissingOrShortFileIsABadPiece() throws IOException {
    assertThat(store.verify(0)).isFalse();
    writeAll(0);
    writeAll(1);
    writeAll(2);
    assertThat(store.verify(1)).isTrue();
    storage.close();
    torrent.place(1, folder.resolve("d")).toFile().delete();
    storage = open(torrent, "d");
    store = new PieceStore(torrent.metainfo(), storage, torrent.set());
    assertThat(store.verify(0)).isTrue();
    assertThat(store.verify(1)).isFalse();
  }

  @Seeds(20)
  void manyLinksWriteEveryBlockOnceAndEveryPieceIsGood(long seed) throws Exception {
    SmallTorrent world =
        SmallTorrent.of(
            PIECE, Entry.data("a", 300_000), Entry.data("b", 1), Entry.data("c", 70_000));
    try (HookedStorage disk = open(world, "d" + seed)) {
      var shared = new PieceStore(world.metainfo(), disk, world.set());
      var wins = new AtomicIntegerArray(world.pieces() * 4);
      List<Future<?>> links = new ArrayList<>();
      var start = new CountDownLatch(1);
      for (int i = 0; i < 4; i++) {
        var order = new Random(seed * 10 + i);
        links.add(threads.submit(() -> bringAll(world, shared, wins, order, start)));
      }
      start.countDown();
      for (Future<?> link : links) {
        link.get();
      }
      for (int piece = 0; piece < world.pieces(); piece++) {
        for (int i = 0; i < world.layout().blockCount(piece); i++) {
          assertThat(wins.get(piece * 4 + i)).isEqualTo(1);
        }
        Optional<Boolean> known = shared.check(piece);
        assertThat(known.isPresent() ? known.get() : shared.checkByReading(piece)).isTrue();
        assertThat(shared.verify(piece)).isTrue();
      }
    }
  }

  private static @Nullable Void bringAll(
      SmallTorrent world,
      PieceStore store,
      AtomicIntegerArray wins,
      Random order,
      CountDownLatch at)
      throws Exception {
    List<Block> blocks = new ArrayList<>();
    for (int piece = 0; piece < world.pieces(); piece++) {
      for (int i = 0; i < world.layout().blockCount(piece); i++) {
        blocks.add(world.layout().block(piece, i));
      }
    }
    Collections.shuffle(blocks, order);
    at.await();
    for (Block block : blocks) {
      if (store.write(block, world.bytes(block))) {
        wins.incrementAndGet(block.piece() * 4 + block.begin() / Block.SIZE);
      }
    }
    return null;
  }

  /// Starts a write, and returns when it waits for another one.
  private static FutureTask<Boolean> waiting(Callable<Boolean> write) {
    var task = new FutureTask<>(write);
    Thread thread = Thread.ofPlatform().daemon().start(task);
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(task.isDone()).isFalse();
      Thread.onSpinWait();
    }
    return task;
  }

  private static void pass(CountDownLatch arrived, CountDownLatch go) {
    arrived.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Block block(int piece, int index) {
    return torrent.layout().block(piece, index);
  }

  private boolean write(Block block) throws IOException {
    return store.write(block, torrent.bytes(block));
  }

  private void writeAll(int piece) throws IOException {
    for (int i = 0; i < torrent.layout().blockCount(piece); i++) {
      write(block(piece, i));
    }
  }
}
