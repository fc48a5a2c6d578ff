package peerage.dht;

import java.security.KeyPair;
import java.util.Optional;
import java.util.OptionalLong;
import peerage.bencode.Bencoded;

/// Something small that the DHT keeps for whoever knows its place (BEP 44).
public sealed interface Item {
  /// "Storing nodes MAY reject put requests where the bencoded form of v is longer than 1000 bytes"
  /// (BEP 44); we do, and write no such item.
  int MAX_VALUE = 1000;

  /// "The salt string MUST NOT be longer than 64 bytes" (BEP 44).
  int MAX_SALT = 64;

  /// No salt, which is as good as an empty one.
  Bencoded.Bytes NO_SALT = new Bencoded.Bytes(new byte[0]);

  /// The value in canonical bencode, [#MAX_VALUE] bytes at most.
  Bencoded.Bytes value();

  /// The place at which it is kept.
  NodeId target();

  /// An item that never changes: its place is the hash of its value.
  ///
  /// @param value see [Item#value()]
  record Immutable(Bencoded.Bytes value) implements Item {
    /// @throws IllegalArgumentException if the value is too long or no canonical bencode
    public Immutable {
      check(value);
    }

    @Override
    public NodeId target() {
      return NodeId.of(Hashes.sha1(value.toArray()));
    }
  }

  /// An item that the owner of a key writes anew as often as it likes.
  ///
  /// @param key the public key, 32 bytes
  /// @param salt tells one item of a key from another, [Item#MAX_SALT] bytes at most, or none
  /// @param seq grows with every new value; not negative
  /// @param value see [Item#value()]
  /// @param signature 64 bytes; whether it is true says [#isSigned()]
  record Mutable(
      Bencoded.Bytes key,
      Bencoded.Bytes salt,
      long seq,
      Bencoded.Bytes value,
      Bencoded.Bytes signature)
      implements Item {
    /// @throws IllegalArgumentException if one of them is too long, too short, or no bencode
    public Mutable {
      check(value);
      if (key.length() != Ed25519.KEY_SIZE || signature.length() != Ed25519.SIGNATURE_SIZE) {
        throw new IllegalArgumentException("a key has 32 bytes and a signature 64");
      }
      if (salt.length() > MAX_SALT || seq < 0) {
        throw new IllegalArgumentException("a salt of more than 64 bytes, or seq " + seq);
      }
    }

    @Override
    public NodeId target() {
      return place(key, salt);
    }

    /// Whether the owner of the key signed just this. Costs about as much as a thousand hashes.
    public boolean isSigned() {
      return Ed25519.verify(key.toArray(), ItemBytes.toSign(salt, seq, value), signature.toArray());
    }
  }

  /// An item that never changes.
  ///
  /// @throws IllegalArgumentException if its bencode is longer than [#MAX_VALUE]
  static Immutable of(Bencoded value) {
    return new Immutable(new Bencoded.Bytes(value.encode()));
  }

  /// Signs a value.
  ///
  /// @param owner an Ed25519 key pair
  /// @param seq higher than that of the value before
  /// @throws IllegalArgumentException if something is too long, or the keys are of another kind
  static Mutable sign(KeyPair owner, Bencoded.Bytes salt, long seq, Bencoded value) {
    var encoded = new Bencoded.Bytes(value.encode());
    byte[] signature = Ed25519.sign(owner.getPrivate(), ItemBytes.toSign(salt, seq, encoded));
    return new Mutable(keyOf(owner), salt, seq, encoded, new Bencoded.Bytes(signature));
  }

  /// The public key as it is on the wire.
  ///
  /// @throws IllegalArgumentException if it is no Ed25519 key
  static Bencoded.Bytes keyOf(KeyPair owner) {
    return new Bencoded.Bytes(Ed25519.raw(owner.getPublic()));
  }

  /// Where the item of a key and a salt is kept.
  static NodeId place(Bencoded.Bytes key, Bencoded.Bytes salt) {
    return NodeId.of(Hashes.sha1(key.toArray(), salt.toArray()));
  }

  /// The item of an answer, if it is what was asked for: of this place, and truly signed.
  ///
  /// @param salt that of the place, which no answer repeats
  static Optional<Item> of(
      Reply.Value value, OptionalLong seq, NodeId target, Bencoded.Bytes salt) {
    try {
      if (value.key().isEmpty() || value.signature().isEmpty() || seq.isEmpty()) {
        Item item = new Immutable(value.encoded());
        return Optional.of(item).filter(found -> found.target().equals(target));
      }
      var item =
          new Mutable(
              value.key().get(), salt, seq.getAsLong(), value.encoded(), value.signature().get());
      return item.target().equals(target) && item.isSigned() ? Optional.of(item) : Optional.empty();
    } catch (IllegalArgumentException _) { // not of the form that an item has
      return Optional.empty();
    }
  }

  /// The value, decoded.
  default Bencoded decoded() {
    return ItemBytes.decode(value());
  }

  private static void check(Bencoded.Bytes value) {
    if (value.length() > MAX_VALUE) {
      throw new IllegalArgumentException("a value of " + value.length() + " bytes is too long");
    }
    ItemBytes.decode(value);
  }
}
