package peerage.webrtc;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Loads webrtc-java's native part, once in a process.
final class NativeLibrary {
  /// Its static initialiser loads the native part.
  private static final String LOADER = "dev.onvoid.webrtc.PeerConnectionFactory";

  /// As the dynamic linker says it: `libpulse.so.0: cannot open shared object file: No such …`.
  private static final Pattern MISSING =
      Pattern.compile("(?<library>[\\w.+-]+\\.so[.\\d]*): cannot open shared object file");

  private static boolean isLoaded;
  private static @Nullable String refusal;

  private NativeLibrary() {}

  /// @throws IOException if it cannot be loaded, with a sentence that says what is missing; later
  /// calls fail with the same one
  static synchronized void load() throws IOException {
    if (isLoaded) {
      return;
    }
    if (refusal == null) {
      try {
        Class.forName(LOADER);
        isLoaded = true;
        LastWords.silence();
        return;
      } catch (ClassNotFoundException | LinkageError e) {
        refusal = sentence(e);
      }
    }
    throw new IOException(refusal);
  }

  /// What a person can do about it.
  static String sentence(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String said = String.valueOf(root.getMessage());
    Optional<String> library = missing(said);
    if (library.isPresent()) {
      return "WebRTC needs the system's library " + library.get() + ", which is not installed.";
    }
    if (root instanceof UnsatisfiedLinkError) {
      return "WebRTC's native library cannot be loaded: " + said + ".";
    }
    return "WebRTC has no native library for this machine ("
        + System.getProperty("os.name")
        + ", "
        + System.getProperty("os.arch")
        + ").";
  }

  private static Optional<String> missing(String said) {
    Matcher matcher = MISSING.matcher(said);
    return matcher.find() ? Optional.of(matcher.group("library")) : Optional.empty();
  }
}
