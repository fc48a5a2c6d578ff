package peerage.webrtc;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/// A certificate that signs itself, and its key: what DTLS shows. The JDK can make a key, but no
/// certificate.
///
/// @param key PKCS #8 in PEM
/// @param certificate X.509 in PEM
/// @param fingerprint as an SDP says it: `sha-256 AB:CD:…`
/// @param expires its last moment
record Certificate(String key, String certificate, String fingerprint, Instant expires) {
  /// Longer than a process runs; browsers take a year at most (W3C WebRTC, section 4.9.1).
  static final Duration VALID = Duration.ofDays(365);

  /// Before now, for clocks that differ (what Google's WebRTC does itself).
  private static final Duration SKEW = Duration.ofDays(1);

  /// What every WebRTC implementation must take (RFC 8827, section 6.5).
  private static final String CURVE = "secp256r1";

  /// The same name for all, as in Google's WebRTC: a certificate shall not say who we are.
  private static final String NAME = "WebRTC";

  private static final int SERIAL_BYTES = 8;

  static Certificate make(Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      KeyPair pair = generator.generateKeyPair();
      byte[] signed = sign(pair, now);
      return new Certificate(
          pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
          pem("CERTIFICATE", signed),
          fingerprint(signed),
          now.plus(VALID));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has elliptic curves and SHA-256", e);
    }
  }

  /// RFC 5280, section 4.1, in its first version: nothing needs an extension.
  private static byte[] sign(KeyPair pair, Instant now) throws GeneralSecurityException {
    byte[] serial = new byte[SERIAL_BYTES];
    new SecureRandom().nextBytes(serial);
    serial[0] = (byte) ((serial[0] & 0x3f) | 0x40);
    byte[] content =
        Der.sequence(
            Der.integer(serial),
            Der.ECDSA_WITH_SHA256,
            Der.name(NAME),
            Der.sequence(Der.time(now.minus(SKEW)), Der.time(now.plus(VALID))),
            Der.name(NAME),
            pair.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(content);
    return Der.sequence(content, Der.ECDSA_WITH_SHA256, Der.bits(signature.sign()));
  }

  /// RFC 8122, section 5.
  private static String fingerprint(byte[] certificate) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate);
    return "sha-256 " + HexFormat.ofDelimiter(":").formatHex(hash).toUpperCase(Locale.ROOT);
  }

  private static String pem(String what, byte[] content) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }
}
