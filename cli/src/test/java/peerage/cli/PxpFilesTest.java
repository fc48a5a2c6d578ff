package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of keys that `peerage pxp` reads and makes.
final class PxpFilesTest {
  /// Private key and public key of the first test of RFC 8032, section 7.1.
  private static final String RFC_8032 =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----
      """;

  private static final String RFC_8032_PUBLIC =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  @TempDir Path home;

  @Test
  void anIdentityThatIsNotThereIsMadeForItsOwnerAlone() throws Exception {
    Path file = home.resolve("identity.pem");
    IdentityFile made = IdentityFile.at(file);
    assertThat(made.made()).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    IdentityFile again = IdentityFile.at(file);
    assertThat(again.made()).isFalse();
    assertThat(again.publicHex()).isEqualTo(made.publicHex()).hasSize(64);
    assertThat(belongTogether(again.keys())).isTrue();
  }

  @Test
  void thePublicHalfIsThatOfTheStandard() throws Exception {
    Path file = Files.writeString(home.resolve("rfc.pem"), RFC_8032);
    IdentityFile identity = IdentityFile.at(file);
    assertThat(identity.publicHex()).isEqualTo(RFC_8032_PUBLIC);
    assertThat(belongTogether(identity.keys())).isTrue();
  }

  private static boolean belongTogether(KeyPair keys) throws GeneralSecurityException {
    byte[] text = {1, 2, 3};
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(keys.getPrivate());
    signer.update(text);
    byte[] signature = signer.sign();
    signer.initVerify(keys.getPublic());
    signer.update(text);
    return signer.verify(signature);
  }

  @Test
  void whatIsNoIdentityIsRefusedInOneSentence() throws Exception {
    Path rsa = home.resolve("rsa.pem");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    Files.writeString(rsa, Pem.of(generator.generateKeyPair().getPrivate()));
    assertThatThrownBy(() -> IdentityFile.at(rsa))
        .hasMessage("an identity is an Ed25519 key, and " + rsa + " holds one of RSA");
    Path text = Files.writeString(home.resolve("text"), "hello");
    assertThatThrownBy(() -> IdentityFile.at(text))
        .hasMessage(text + " holds no private key (a line -----BEGIN PRIVATE KEY----- begins one)");
    Path old = Files.writeString(home.resolve("old"), "-----BEGIN EC PRIVATE KEY-----\nAA==\n");
    assertThatThrownBy(() -> IdentityFile.at(old))
        .hasMessageContaining("convert it by openssl pkcs8 -topk8 -nocrypt -in " + old);
    Path damaged = Files.writeString(home.resolve("bad"), RFC_8032.replace("MC4C", "MC5C"));
    assertThatThrownBy(() -> IdentityFile.at(damaged)).hasMessageContaining("damaged");
  }

  @Test
  void tlsFilesThatAreMissingOrEmptyAreNamed() throws IOException {
    Path none = home.resolve("none");
    assertThatThrownBy(() -> TlsFiles.context(null, null, none))
        .isInstanceOfSatisfying(
            CommandFailure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.NOT_FOUND))
        .hasMessage("there is no file " + none);
    Path empty = Files.createFile(home.resolve("empty"));
    assertThatThrownBy(() -> TlsFiles.context(null, null, empty))
        .hasMessage(
            empty + " holds no certificate (a line -----BEGIN CERTIFICATE----- begins one)");
  }
}
