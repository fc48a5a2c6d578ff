package peerage.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/// A long-lived Ed25519 key in a file.
///
/// @param keys both halves; the file holds the private one
/// @param made whether the file was not there before
record IdentityFile(KeyPair keys, boolean made) {
  private static final int LENGTH = 32;

  /// Reads the key, or makes it if there is no file.
  static IdentityFile at(Path file) throws CommandFailure {
    return Files.exists(file) ? read(file) : make(file);
  }

  /// The public half as 64 hex digits, which is what others see.
  String publicHex() {
    // The last 32 bytes of the X.509 form are the key (RFC 8410, section 4).
    byte[] encoded = keys.getPublic().getEncoded();
    return HexFormat.of()
        .formatHex(Arrays.copyOfRange(encoded, encoded.length - LENGTH, encoded.length));
  }

  private static IdentityFile read(Path file) throws CommandFailure {
    PrivateKey key = Pem.privateKey(file);
    if (key instanceof EdECPrivateKey edwards
        && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())
        && edwards.getBytes().isPresent()) {
      return new IdentityFile(new KeyPair(publicOf(edwards.getBytes().get()), key), false);
    }
    throw new CommandFailure(
        ExitCode.UNREADABLE,
        "an identity is an Ed25519 key, and " + file + " holds one of " + key.getAlgorithm());
  }

  /// The JDK derives the public half only when it generates a pair; so it generates the pair again
  /// from the same 32 bytes.
  private static java.security.PublicKey publicOf(byte[] secret) {
    return generate(new Replayed(secret)).getPublic();
  }

  private static IdentityFile make(Path file) throws CommandFailure {
    KeyPair keys = generate(new SecureRandom());
    try {
      write(file, Pem.of(keys.getPrivate()));
      return new IdentityFile(keys, true);
    } catch (FileAlreadyExistsException _) {
      return read(file);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNKNOWN, "cannot write the identity " + file + ": " + e.getMessage());
    }
  }

  private static void write(Path file, String text) throws IOException {
    boolean posix =
        Files.getFileStore(file.toAbsolutePath().normalize().getParent())
            .supportsFileAttributeView("posix");
    FileAttribute<?>[] mode =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (var channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
      var bytes = ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private static KeyPair generate(SecureRandom random) {
    try {
      var generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 15 has Ed25519", e);
    }
  }

  /// Gives the bytes of a secret that is there already.
  private static final class Replayed extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] secret;

    Replayed(byte[] secret) {
      this.secret = secret.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != secret.length) {
        throw new IllegalStateException("asked for " + bytes.length + " bytes");
      }
      System.arraycopy(secret, 0, bytes, 0, bytes.length);
    }
  }
}
