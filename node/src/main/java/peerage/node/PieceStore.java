package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import peerage.pieces.PieceLayout;
import peerage.pieces.PieceSet;
import peerage.wire.Block;
import peerage.wire.Metainfo;

/// Writes the blocks of a torrent, hashing them on the way. Thread-safe: links write at once, and
/// none waits for the disk work of another but for a copy of its own block.
///
/// The first copy of a block claims it, and later ones are refused once it has landed; so no two
/// writes of a block are ever under way, and a piece whose blocks are all written is written by
/// nobody. What is hashed is what the network brought, so that a block which continues the hashed
/// part is never read again.
final class PieceStore {
  private final PieceLayout layout;
  private final Storage storage;
  private final PieceReader reader;
  private final BeforeWrite beforeWrite;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition landed = lock.newCondition();
  // Both guarded by the lock. A piece has no work before its first block and once it is verified.
  private final PieceSet verified;
  private final @Nullable PieceWork[] works;

  private interface BeforeWrite {
    void tell() throws IOException;
  }

  /// A store that writes nothing down about its progress.
  ///
  /// @param verified the pieces that are known to be good; copied
  PieceStore(Metainfo torrent, Storage storage, PieceSet verified) {
    this(torrent, storage, verified, () -> {});
  }

  /// A store that tells `log` before it writes. Which pieces are good, its caller tells the log.
  ///
  /// @param verified the pieces that are known to be good; copied
  PieceStore(Metainfo torrent, Storage storage, PieceSet verified, ResumeLog log) {
    this(torrent, storage, verified, log::beforeWrite);
  }

  private PieceStore(
      Metainfo torrent, Storage storage, PieceSet verified, BeforeWrite beforeWrite) {
    this.layout = new PieceLayout(torrent.pieceLength(), torrent.totalLength());
    this.storage = storage;
    this.reader = new PieceReader(torrent, storage);
    this.beforeWrite = beforeWrite;
    this.verified = verified.copy();
    this.works = new PieceWork[torrent.pieceCount()];
  }

  /// Writes a block, unless its piece is verified or another copy of it is there. While another
  /// copy is being written, waits for how that ends: when this returns, the block is there, whoever
  /// wrote it. The data is consumed either way.
  ///
  /// @return whether it was this copy that was written
  /// @throws IllegalArgumentException if this is no block of the torrent or the data is not its
  ///     size
  boolean write(Block block, ByteBuffer data) throws IOException {
    if (!layout.isBlock(block) || data.remaining() != block.length()) {
      throw new IllegalArgumentException(block + " with " + data.remaining() + " bytes");
    }
    Claim claim = claim(block);
    if (claim == null) {
      data.position(data.limit());
      return false;
    }
    boolean isWritten = false;
    try {
      ByteBuffer toHash = claim.hashes ? data.duplicate() : data;
      beforeWrite.tell();
      storage.write(offset(block), data);
      if (claim.hashes) {
        claim.work.digest().update(toHash);
      }
      isWritten = true;
    } finally {
      isWritten = end(claim, isWritten);
    }
    return isWritten;
  }

  /// A block that is ours to write.
  private record Claim(PieceWork work, int index, boolean hashes) {}

  private @Nullable Claim claim(Block block) {
    int piece = block.piece();
    int index = block.begin() / Block.SIZE;
    lock.lock();
    try {
      for (PieceWork work = work(piece); work != null; work = work(piece)) {
        if (!work.isClaimed(index)) {
          return new Claim(work, index, work.claim(index));
        }
        if (!work.isInFlight(index)) {
          return null;
        }
        landed.awaitUninterruptibly();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// The work on a piece; null if it is verified.
  private @Nullable PieceWork work(int piece) {
    PieceWork work = works[piece];
    if (work == null && !verified.get(piece)) {
      work = PieceWork.start(piece, hashesAlong(piece));
      works[piece] = work;
    }
    return work;
  }

  /// Padding is never written: if its bytes came as anything but zeros, only reading tells that the
  /// piece on disk is bad.
  private boolean hashesAlong(int piece) {
    return !storage.hasPadding((long) piece * layout.pieceLength(), layout.length(piece));
  }

  /// @return whether the block is there now, for the work that the piece has now
  private boolean end(Claim claim, boolean isWritten) {
    lock.lock();
    try {
      landed.signalAll();
      PieceWork work = works[claim.work.piece()];
      if (work == claim.work && isWritten) {
        work.landed(claim.index, claim.hashes);
        return true;
      }
      if (work != null) {
        work.released(claim.index, work == claim.work && claim.hashes);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Whether a piece, all of whose blocks are written, has its hash; empty if only reading can tell
  /// ([#checkByReading(int)]).
  ///
  /// @throws IllegalStateException if a block is missing
  Optional<Boolean> check(int piece) {
    lock.lock();
    try {
      if (verified.get(piece)) {
        return Optional.of(true);
      }
      PieceWork work = complete(piece);
      if (work.verdict().isEmpty() && work.isAllHashed(layout.blockCount(piece))) {
        work.judged(reader.isHash(piece, work.digest()));
      }
      return work.verdict();
    } finally {
      lock.unlock();
    }
  }

  /// Whether a piece, all of whose blocks are written, has its hash; reads what was not hashed.
  ///
  /// @throws IllegalStateException if a block is missing
  boolean checkByReading(int piece) throws IOException {
    Optional<Boolean> known = check(piece);
    if (known.isPresent()) {
      return known.get();
    }
    PieceWork work = startHashing(piece);
    boolean isRead = false;
    try {
      reader.update(work.digest(), piece, work.hashedBytes());
      isRead = true;
    } finally {
      if (!isRead) {
        failedHashing(work);
      }
    }
    return judge(work);
  }

  private PieceWork startHashing(int piece) {
    lock.lock();
    try {
      PieceWork work = complete(piece);
      work.startHashing();
      return work;
    } finally {
      lock.unlock();
    }
  }

  private void failedHashing(PieceWork work) {
    lock.lock();
    try {
      work.failedHashing();
    } finally {
      lock.unlock();
    }
  }

  private boolean judge(PieceWork work) {
    boolean isGood = reader.isHash(work.piece(), work.digest());
    lock.lock();
    try {
      work.judged(isGood);
      return isGood && works[work.piece()] == work;
    } finally {
      lock.unlock();
    }
  }

  private PieceWork complete(int piece) {
    PieceWork work = works[piece];
    if (work == null || !work.isComplete(layout.blockCount(piece))) {
      throw new IllegalStateException("piece " + piece + " is not all written");
    }
    return work;
  }

  /// Remembers that a piece is good; nothing is ever written to it again.
  ///
  /// @throws IllegalStateException if a block of it is being written
  void verified(int piece) {
    lock.lock();
    try {
      PieceWork work = works[piece];
      if (work != null && !work.isIdle()) {
        throw new IllegalStateException("piece " + piece + " is being written");
      }
      works[piece] = null;
      verified.add(piece);
    } finally {
      lock.unlock();
    }
  }

  /// Forgets all blocks of a piece: they are all to be written again. One that is being written
  /// counts for nothing, and its next copy waits until it has landed.
  void reset(int piece) {
    lock.lock();
    try {
      verified.remove(piece);
      PieceWork work = works[piece];
      works[piece] = work == null || work.isIdle() ? null : work.again();
    } finally {
      lock.unlock();
    }
  }

  /// Whether the piece on disk has its hash; a missing or short file means no. Changes nothing.
  boolean verify(int piece) throws IOException {
    return reader.verify(piece);
  }

  /// Reads a part of a verified piece, wherever it begins.
  ///
  /// @param target its remaining bytes are as many as the block has
  /// @throws IllegalStateException if the piece is not verified
  void read(Block block, ByteBuffer target) throws IOException {
    if (block.begin() < 0
        || block.length() > layout.length(block.piece()) - block.begin()
        || target.remaining() != block.length()) {
      throw new IllegalArgumentException(block + " for " + target.remaining() + " bytes");
    }
    if (!isVerified(block.piece())) {
      throw new IllegalStateException("piece " + block.piece() + " is not verified");
    }
    storage.read(offset(block), target);
  }

  private boolean isVerified(int piece) {
    lock.lock();
    try {
      return verified.get(piece);
    } finally {
      lock.unlock();
    }
  }

  private long offset(Block block) {
    return (long) block.piece() * layout.pieceLength() + block.begin();
  }
}
