package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Ed25519 signatures that bind a key to one run of a node and to the certificate of its upgrades:
/// who relays their signalling can then not put itself in the middle unseen.
final class Proofs {
  private static final String ALGORITHM = "Ed25519";
  private static final HexFormat HEX = HexFormat.of();

  /// What stands before the 32 bytes of a key in its X.509 form (RFC 8410, section 4).
  private static final byte[] X509_HEAD = HEX.parseHex("302a300506032b6570032100");

  private static final Pattern FINGERPRINT =
      Pattern.compile("^a=fingerprint:(\\S+) (\\S+)\\r?$", Pattern.MULTILINE | Pattern.UNIX_LINES);

  /// However others may read it: a line that we would miss must not decide.
  private static final Pattern MENTIONED = Pattern.compile("fingerprint", Pattern.CASE_INSENSITIVE);

  private Proofs() {}

  /// Signs for our own node.
  static ConnectInfo.Proof sign(Identity own, NetworkId network, String token) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(own.keys().getPrivate());
      signature.update(statement(network, token, own.fingerprint()));
      return new ConnectInfo.Proof(
          keyOf(own.keys().getPublic()), own.fingerprint(), HEX.formatHex(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("an identity needs an Ed25519 key pair", e);
    }
  }

  /// Whether the holder of the key has signed this.
  static boolean holds(ConnectInfo.Proof proof, NetworkId network, String token) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(publicKey(proof.key()));
      signature.update(statement(network, token, proof.fingerprint()));
      return signature.verify(HEX.parseHex(proof.signature()));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return false;
    }
  }

  /// The fingerprint in a description; empty if there is none, or if it is not beyond doubt.
  static Optional<String> fingerprint(String sdp) {
    List<String> all = FINGERPRINT.matcher(sdp).results().map(Proofs::normal).toList();
    boolean clear =
        all.stream().distinct().count() == 1
            && MENTIONED.matcher(sdp).results().count() == all.size();
    return clear ? Optional.of(all.getFirst()) : Optional.empty();
  }

  /// Whether two fingerprints are the same.
  static boolean same(String one, String other) {
    return normal(one).equals(normal(other));
  }

  private static String normal(MatchResult line) {
    return normal(line.group(1) + " " + line.group(2));
  }

  private static String normal(String fingerprint) {
    return fingerprint.toLowerCase(Locale.ROOT);
  }

  private static byte[] statement(NetworkId network, String token, String fingerprint) {
    return ("peerage pxp identity 1\n" + network.text() + "\n" + token + "\n" + fingerprint)
        .getBytes(UTF_8);
  }

  private static IdentityKey keyOf(PublicKey key) {
    byte[] encoded = key.getEncoded();
    if (!(key instanceof EdECPublicKey) || encoded.length != X509_HEAD.length + 32) {
      throw new IllegalArgumentException("an identity needs an Ed25519 key pair");
    }
    return new IdentityKey(
        HEX.formatHex(Arrays.copyOfRange(encoded, X509_HEAD.length, encoded.length)));
  }

  private static PublicKey publicKey(IdentityKey key) throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(X509_HEAD, X509_HEAD.length + 32);
    System.arraycopy(HEX.parseHex(key.hex()), 0, encoded, X509_HEAD.length, 32);
    return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
  }
}
