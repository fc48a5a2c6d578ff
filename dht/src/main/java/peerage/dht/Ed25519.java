package peerage.dht;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/// Signatures of RFC 8032 by the JDK, with keys as BEP 44 has them on the wire: 32 raw bytes.
final class Ed25519 {
  static final int KEY_SIZE = 32;
  static final int SIGNATURE_SIZE = 64;

  /// What stands before the 32 bytes in a public key's X.509 form (RFC 8410).
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final String NAME = "Ed25519";

  private Ed25519() {}

  /// The raw bytes of a public key.
  ///
  /// @throws IllegalArgumentException if the key is of another kind
  static byte[] raw(PublicKey key) {
    byte[] encoded = key.getEncoded();
    int prefix = X509_PREFIX.length;
    if (encoded.length != prefix + KEY_SIZE
        || !Arrays.equals(encoded, 0, prefix, X509_PREFIX, 0, prefix)) {
      throw new IllegalArgumentException("no Ed25519 key, but " + key.getAlgorithm());
    }
    return Arrays.copyOfRange(encoded, prefix, encoded.length);
  }

  /// The signature of a message.
  ///
  /// @throws IllegalArgumentException if the key is of another kind
  static byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not with this key: " + e.getMessage(), e);
    }
  }

  /// Whether a signature is of this message and by the owner of this key; false as well for bytes
  /// that are no key and no signature.
  static boolean verify(byte[] rawKey, byte[] message, byte[] signature) {
    try {
      byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + rawKey.length);
      System.arraycopy(rawKey, 0, encoded, X509_PREFIX.length, rawKey.length);
      PublicKey key = KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
      Signature verifier = Signature.getInstance(NAME);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
