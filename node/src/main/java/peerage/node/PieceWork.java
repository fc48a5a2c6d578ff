package peerage.node;

import java.security.MessageDigest;
import java.util.BitSet;
import java.util.Optional;
import peerage.wire.Block;

/// A piece that is being written, from its first block until it is verified or reset. Guarded by
/// the lock of the [PieceStore]; but the digest belongs to whoever is hashing.
final class PieceWork {
  private final int piece;
  private final BitSet claimed;
  private final BitSet inFlight;
  private final boolean hashesAlong;
  private MessageDigest digest = PieceReader.sha1();
  private int hashed;
  private boolean isHashing;
  private Optional<Boolean> verdict = Optional.empty();

  private PieceWork(int piece, BitSet claimed, boolean hashesAlong) {
    this.piece = piece;
    this.claimed = claimed;
    this.inFlight = (BitSet) claimed.clone();
    this.hashesAlong = hashesAlong;
  }

  /// @param hashesAlong whether what is written is what will be read
  static PieceWork start(int piece, boolean hashesAlong) {
    return new PieceWork(piece, new BitSet(), hashesAlong);
  }

  /// The same piece from the start. Blocks in flight stay claimed until they have landed, because
  /// they could land on a second copy.
  PieceWork again() {
    return new PieceWork(piece, (BitSet) inFlight.clone(), hashesAlong);
  }

  int piece() {
    return piece;
  }

  boolean isClaimed(int block) {
    return claimed.get(block);
  }

  /// Whether a claimed block is still being written.
  boolean isInFlight(int block) {
    return inFlight.get(block);
  }

  /// Claims a block that is not claimed.
  ///
  /// @return whether the caller is to hash it, because all before it was hashed
  boolean claim(int block) {
    claimed.set(block);
    inFlight.set(block);
    boolean hashes = hashesAlong && !isHashing && hashed == block;
    isHashing |= hashes;
    return hashes;
  }

  /// A block was written, and hashed if that was the claim.
  void landed(int block, boolean wasHashed) {
    inFlight.clear(block);
    if (wasHashed) {
      hashed++;
      isHashing = false;
    }
  }

  /// A block was not written, or an earlier claim of it has ended.
  void released(int block, boolean wasToHash) {
    inFlight.clear(block);
    claimed.clear(block);
    isHashing &= !wasToHash;
  }

  boolean isIdle() {
    return inFlight.isEmpty() && !isHashing;
  }

  boolean isComplete(int blocks) {
    return inFlight.isEmpty() && claimed.cardinality() == blocks;
  }

  boolean isAllHashed(int blocks) {
    return !isHashing && hashed == blocks;
  }

  /// Where the part begins that is not hashed, in bytes.
  int hashedBytes() {
    return hashed * Block.SIZE;
  }

  MessageDigest digest() {
    return digest;
  }

  /// Takes the digest for hashing the rest.
  void startHashing() {
    if (isHashing) {
      throw new IllegalStateException("piece " + piece + " is being hashed already");
    }
    isHashing = true;
  }

  /// The rest could not be hashed: the digest has seen nobody knows how much of it.
  void failedHashing() {
    digest = PieceReader.sha1();
    hashed = 0;
    isHashing = false;
  }

  void judged(boolean isGood) {
    verdict = Optional.of(isGood);
    isHashing = false;
  }

  Optional<Boolean> verdict() {
    return verdict;
  }
}
