package peerage.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class CertificateTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @RepeatedTest(20)
  void signsItself() throws GeneralSecurityException {
    X509Certificate read = read(Certificate.make(NOW));
    read.verify(read.getPublicKey());
    assertThat(read.getSubjectX500Principal().getName()).isEqualTo("CN=WebRTC");
    assertThat(read.getSigAlgName()).isEqualTo("SHA256withECDSA");
  }

  @Test
  void isGoodFromADayAgoForAYear() throws GeneralSecurityException {
    X509Certificate read = read(Certificate.make(NOW));
    assertThat(read.getNotBefore()).isEqualTo(Date.from(NOW.minus(Duration.ofDays(1))));
    assertThat(read.getNotAfter()).isEqualTo(Date.from(NOW.plus(Duration.ofDays(365))));
  }

  @Test
  void hasTheFingerprintThatItSays() throws GeneralSecurityException {
    Certificate made = Certificate.make(NOW);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(read(made).getEncoded());
    assertThat(made.fingerprint())
        .isEqualTo("sha-256 " + HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash));
  }

  private static X509Certificate read(Certificate made) throws GeneralSecurityException {
    byte[] pem = made.certificate().getBytes(StandardCharsets.US_ASCII);
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }
}
