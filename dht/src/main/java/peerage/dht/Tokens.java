package peerage.dht;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.bencode.Bencoded;
import peerage.peers.IpAddress;

/// Tokens: who wants to store something must show what it was given at its own address for the same
/// place. So nobody stores in another's name. Nothing is kept of the tokens that are out: each is a
/// hash of the address, the place and a secret.
///
/// Not thread-safe; owned by the machine.
public final class Tokens {
  /// "A secret that changes every five minutes and tokens up to ten minutes old are accepted"
  /// (BEP 5).
  static final Duration SECRET_LIFE = Duration.ofMinutes(5);

  private static final int TOKEN_SIZE = 8; // one guess in 2^64 is right
  private static final int SECRET_SIZE = 20;

  private final RandomGenerator random;
  private byte[] secret;
  private byte[] before;
  private @Nullable Instant changed;

  /// @param random secrets come from it: it must be one that nobody can foretell
  public Tokens(RandomGenerator random) {
    this.random = random;
    this.secret = newSecret();
    this.before = newSecret();
  }

  /// A token for whoever asks from this address about this place.
  public Bencoded.Bytes issue(IpAddress asker, NodeId place, Instant now) {
    turn(now);
    return new Bencoded.Bytes(token(secret, asker, place));
  }

  /// Whether such a token was issued lately: it holds for five minutes, and for ten at most.
  public boolean accepts(Bencoded.Bytes token, IpAddress asker, NodeId place, Instant now) {
    turn(now);
    byte[] shown = token.toArray();
    return MessageDigest.isEqual(shown, token(secret, asker, place))
        || MessageDigest.isEqual(shown, token(before, asker, place));
  }

  private void turn(Instant now) {
    if (changed == null) {
      changed = now;
    }
    if (now.isBefore(changed.plus(SECRET_LIFE))) {
      return;
    }
    boolean both = !now.isBefore(changed.plus(SECRET_LIFE.multipliedBy(2)));
    before = both ? newSecret() : secret;
    secret = newSecret();
    changed = both ? now : changed.plus(SECRET_LIFE);
  }

  private byte[] newSecret() {
    byte[] bytes = new byte[SECRET_SIZE];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] token(byte[] secret, IpAddress asker, NodeId place) {
    byte[] ip = asker.bytes();
    byte[] length = ByteBuffer.allocate(1).put((byte) ip.length).array();
    return Arrays.copyOf(Hashes.sha256(secret, length, ip, place.bytes()), TOKEN_SIZE);
  }
}
