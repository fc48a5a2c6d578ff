package peerage.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Keys in PEM (RFC 7468) and PKCS#8 (RFC 5958), as `openssl genpkey` writes them.
final class Pem {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN [A-Z]+ PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("Ed25519", "EC", "RSA", "Ed448");

  /// No key or chain of certificates is longer (guess).
  private static final long LENGTH_MAX = 1 << 20;

  private Pem() {}

  /// Reads a file that is there.
  static String read(Path file) throws CommandFailure {
    try {
      if (Files.size(file) > LENGTH_MAX) {
        throw new CommandFailure(ExitCode.UNREADABLE, file + " is too long to be a PEM file");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException _) {
      throw new CommandFailure(ExitCode.NOT_FOUND, "there is no file " + file);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNKNOWN, "cannot read " + file + ": " + e.getMessage());
    }
  }

  /// The private key in a file.
  static PrivateKey privateKey(Path file) throws CommandFailure {
    String text = read(file);
    var matcher = KEY.matcher(text);
    if (!matcher.find()) {
      throw new CommandFailure(
          ExitCode.UNREADABLE,
          OTHER_KEY.matcher(text).find()
              ? "the key in "
                  + file
                  + " is not PKCS#8: convert it by openssl pkcs8 -topk8 -nocrypt -in "
                  + file
              : file + " holds no private key (a line -----BEGIN PRIVATE KEY----- begins one)");
    }
    return decode(matcher.group(1))
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.UNREADABLE, "the key in " + file + " is damaged or of no known kind"));
  }

  private static Optional<PrivateKey> decode(String base64) {
    for (String algorithm : ALGORITHMS) {
      try {
        byte[] bytes = Base64.getMimeDecoder().decode(base64);
        return Optional.of(
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes)));
      } catch (GeneralSecurityException | IllegalArgumentException _) {
        // It is of another algorithm, or of none; the next one tells.
      }
    }
    return Optional.empty();
  }

  /// A private key as a file's text.
  static String of(PrivateKey key) {
    byte[] newline = {'\n'};
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, newline).encodeToString(key.getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }
}
