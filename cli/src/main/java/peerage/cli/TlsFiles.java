package peerage.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Keys and trust for TLS from PEM files.
final class TlsFiles {
  /// The store is never written, so its password protects nothing.
  private static final char[] NO_PASSWORD = {};

  private TlsFiles() {}

  /// @param key and `certificates`: to listen with; both or neither
  /// @param authorities whom to trust when connecting; the public authorities if it is null
  static SSLContext context(
      @Nullable Path key, @Nullable Path certificates, @Nullable Path authorities)
      throws CommandFailure {
    KeyManager @Nullable [] keys =
        key == null || certificates == null ? null : keyManagers(key, certificates);
    TrustManager @Nullable [] trust = authorities == null ? null : trustManagers(authorities);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  private static KeyManager[] keyManagers(Path key, Path certificates) throws CommandFailure {
    PrivateKey secret = Pem.privateKey(key);
    Certificate[] chain = read(certificates).toArray(Certificate[]::new);
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry("key", secret, NO_PASSWORD, chain);
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new CommandFailure(
          ExitCode.UNREADABLE,
          "cannot use the key " + key + " with " + certificates + ": " + e.getMessage());
    }
  }

  private static TrustManager[] trustManagers(Path file) throws CommandFailure {
    try {
      KeyStore store = emptyStore();
      int number = 0;
      for (Certificate each : read(file)) {
        store.setCertificateEntry("ca" + number++, each);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new CommandFailure(
          ExitCode.UNREADABLE, "cannot trust what is in " + file + ": " + e.getMessage());
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> read(Path file) throws CommandFailure {
    byte[] bytes = Pem.read(file).getBytes(StandardCharsets.ISO_8859_1);
    try {
      var all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      if (!all.isEmpty()) {
        return all;
      }
    } catch (CertificateException _) {
      // Said below, in words for people.
    }
    throw new CommandFailure(
        ExitCode.UNREADABLE,
        file + " holds no certificate (a line -----BEGIN CERTIFICATE----- begins one)");
  }
}
