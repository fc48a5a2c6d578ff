package peerage.pxp;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where a node listens, as a URI: `tcp://192.0.2.7:8000`, `wss://example.org/pxp`.
///
/// @param uri with a scheme and a host; `tcp` and `tls` with a port
public record Endpoint(URI uri) {
  /// The longest that is taken from others, in characters (guess).
  public static final int LENGTH_MAX = 256;

  private static final List<String> WITH_PORT = List.of("tcp", "tls");

  /// @throws IllegalArgumentException if it names no place to connect to
  public Endpoint {
    if (uri.getScheme() == null || uri.getHost() == null || uri.getHost().isEmpty()) {
      throw new IllegalArgumentException(
          "an address looks like tcp://192.0.2.7:8000 or wss://example.org/pxp, not " + uri);
    }
    if (uri.getPort() < 1 && WITH_PORT.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("the address " + uri + " needs a port");
    }
  }

  /// Reads one that others wrote.
  ///
  /// @return empty if the text is no such address
  public static Optional<Endpoint> parse(String text) {
    try {
      return text.length() > LENGTH_MAX
          ? Optional.empty()
          : Optional.of(new Endpoint(URI.create(text)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// The scheme in lower case.
  public String scheme() {
    return uri.getScheme().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
