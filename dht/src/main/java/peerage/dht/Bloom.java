package peerage.dht;

import java.util.Arrays;
import java.util.List;
import peerage.peers.IpAddress;

/// A filter that counts addresses without naming them (BEP 33): 2,048 bits of which every address
/// sets two. Filters of several nodes are united by OR; an address in two of them counts once.
/// Immutable.
public final class Bloom {
  /// Bytes of a filter.
  public static final int SIZE = 256;

  /// The filter of nobody.
  public static final Bloom EMPTY = new Bloom(new byte[SIZE]);

  private static final int BITS = 8 * SIZE; // m
  private static final int BITS_OF_ONE = 2; // k

  private final byte[] bits;

  private Bloom(byte[] bits) {
    this.bits = bits;
  }

  /// The filter of these bytes.
  ///
  /// @throws IllegalArgumentException unless there are [#SIZE]
  public static Bloom of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a filter has 256 bytes, not " + bytes.length);
    }
    return new Bloom(bytes.clone());
  }

  /// The filter of these addresses.
  public static Bloom of(List<IpAddress> addresses) {
    byte[] bits = new byte[SIZE];
    for (IpAddress ip : addresses) {
      byte[] hash = Hashes.sha1(ip.bytes());
      set(bits, hash[0], hash[1]);
      set(bits, hash[2], hash[3]);
    }
    return new Bloom(bits);
  }

  private static void set(byte[] bits, byte low, byte high) {
    int index = ((low & 0xFF) | (high & 0xFF) << 8) % BITS;
    bits[index / 8] |= (byte) (1 << index % 8);
  }

  /// The filter of whoever is in one of the two.
  public Bloom union(Bloom other) {
    byte[] united = bits.clone();
    for (int i = 0; i < SIZE; i++) {
      united[i] |= other.bits[i];
    }
    return new Bloom(united);
  }

  /// How many addresses there are, about; beyond 6,000 it means little.
  public double estimate() {
    int zeros = BITS;
    for (byte b : bits) {
      zeros -= Integer.bitCount(b & 0xFF);
    }
    double c = Math.min(BITS - 1, zeros);
    if (zeros == BITS) {
      return 0; // Departure: BEP 33's bound makes one bit of none
    }
    return Math.log(Math.max(1, c) / BITS) / (BITS_OF_ONE * Math.log(1 - 1.0 / BITS));
  }

  /// A fresh copy of the bytes.
  public byte[] bytes() {
    return bits.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bloom that && Arrays.equals(bits, that.bits);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bits);
  }

  @Override
  public String toString() {
    return "about " + Math.round(estimate());
  }
}
