package peerage.pieces;

import java.util.Arrays;
import peerage.bencode.MalformedMessage;

/// A set of the pieces of one torrent, as bits; mutable, of fixed size, not thread-safe.
public final class PieceSet {
  private final int size;
  private final long[] words;
  private int count;

  /// The empty set.
  ///
  /// @param size how many pieces the torrent has
  public PieceSet(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("a set of " + size + " pieces");
    }
    this.size = size;
    this.words = new long[(int) ((size + 63L) >>> 6)];
  }

  private PieceSet(int size, long[] words, int count) {
    this.size = size;
    this.words = words;
    this.count = count;
  }

  /// The set of all pieces.
  public static PieceSet full(int size) {
    var all = new PieceSet(size);
    Arrays.fill(all.words, -1L);
    if ((size & 63) != 0) {
      all.words[all.words.length - 1] = (1L << size) - 1;
    }
    all.count = size;
    return all;
  }

  /// Reads the content of a bitfield message. BEP 3: "The first byte of the bitfield corresponds to
  /// indices 0 - 7 from high bit to low bit, respectively."
  ///
  /// @throws MalformedMessage if the length is wrong or a spare bit is set
  public static PieceSet fromWire(byte[] bits, int size) throws MalformedMessage {
    var set = new PieceSet(size);
    int bytes = wireSize(size);
    if (bits.length != bytes) {
      throw new MalformedMessage(
          "a bitfield of " + bits.length + " bytes for " + size + " pieces", 0);
    }
    // "Spare bits at the end are set to zero."
    if ((size & 7) != 0 && (bits[bytes - 1] & (0xFF >>> (size & 7))) != 0) {
      throw new MalformedMessage("a spare bit of the bitfield is set", bytes - 1);
    }
    for (int i = 0; i < bytes; i++) {
      long reversed = Integer.toUnsignedLong(Integer.reverse(bits[i]) >>> 24);
      set.words[i >>> 3] |= reversed << ((i & 7) << 3);
    }
    for (long word : set.words) {
      set.count += Long.bitCount(word);
    }
    return set;
  }

  /// The content of a bitfield message.
  public byte[] toWire() {
    byte[] bits = new byte[wireSize(size)];
    for (int i = 0; i < bits.length; i++) {
      int plain = (int) (words[i >>> 3] >>> ((i & 7) << 3)) & 0xFF;
      bits[i] = (byte) (Integer.reverse(plain) >>> 24);
    }
    return bits;
  }

  private static int wireSize(int size) {
    return (int) ((size + 7L) >>> 3);
  }

  /// Whether the piece is in the set.
  ///
  /// @throws IndexOutOfBoundsException unless 0 ≤ piece < size
  public boolean get(int piece) {
    return (words[check(piece) >>> 6] & (1L << piece)) != 0;
  }

  /// Puts a piece in.
  ///
  /// @return whether it was not there before
  /// @throws IndexOutOfBoundsException unless 0 ≤ piece < size
  public boolean add(int piece) {
    boolean added = !get(piece);
    if (added) {
      words[piece >>> 6] |= 1L << piece;
      count++;
    }
    return added;
  }

  /// Takes a piece out.
  ///
  /// @return whether it was there before
  /// @throws IndexOutOfBoundsException unless 0 ≤ piece < size
  public boolean remove(int piece) {
    boolean removed = get(piece);
    if (removed) {
      words[piece >>> 6] &= ~(1L << piece);
      count--;
    }
    return removed;
  }

  private int check(int piece) {
    if (piece < 0 || piece >= size) {
      throw new IndexOutOfBoundsException("piece " + piece + " of " + size);
    }
    return piece;
  }

  /// How many pieces are in the set.
  public int count() {
    return count;
  }

  /// How many pieces the torrent has.
  public int size() {
    return size;
  }

  /// Whether all pieces are in the set; a torrent without pieces is full *and* empty.
  public boolean isFull() {
    return count == size;
  }

  /// Whether no piece is in the set.
  public boolean isEmpty() {
    return count == 0;
  }

  /// A set of its own with the same pieces.
  public PieceSet copy() {
    return new PieceSet(size, words.clone(), count);
  }

  /// The first piece at or after `from` that is in the set, or -1.
  int next(int from) {
    return nextShared(this, from);
  }

  /// The first piece at or after `from` that is in both sets, or -1.
  int nextShared(PieceSet other, int from) {
    for (int i = from >>> 6; i < words.length; i++) {
      long both = words[i] & other.words[i];
      if (i == from >>> 6) {
        both &= -1L << from;
      }
      if (both != 0) {
        return (i << 6) + Long.numberOfTrailingZeros(both);
      }
    }
    return -1;
  }

  /// How many pieces are in both sets.
  int sharedCount(PieceSet other) {
    int shared = 0;
    for (int i = 0; i < words.length; i++) {
      shared += Long.bitCount(words[i] & other.words[i]);
    }
    return shared;
  }

  /// A set of its own: the pieces that are here but not there.
  PieceSet without(PieceSet other) {
    PieceSet rest = copy();
    rest.count = 0;
    for (int i = 0; i < words.length; i++) {
      rest.words[i] &= ~other.words[i];
      rest.count += Long.bitCount(rest.words[i]);
    }
    return rest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PieceSet that && size == that.size && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return count + " of " + size + " pieces";
  }
}
