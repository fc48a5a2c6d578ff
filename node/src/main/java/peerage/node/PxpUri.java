package peerage.node;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import peerage.pxp.Endpoint;

/// Addresses as people write them.
final class PxpUri {
  /// An authority without a host, `:8000`, which [URI] takes for a name of a registry.
  private static final String ANY_HOST = ":";

  private PxpUri() {}

  /// Where to connect to.
  ///
  /// @throws IllegalArgumentException if it is no such address
  static Endpoint toDial(String text) {
    return new Endpoint(parse(text));
  }

  /// Where to listen: the host may be missing, and the port 0.
  ///
  /// @throws IllegalArgumentException if it is no such address
  static URI toListenAt(String text) {
    URI uri = parse(text);
    boolean hasHost = uri.getHost() != null;
    if (uri.getScheme() == null || !(hasHost || isAnyHost(uri)) || portOf(uri) > 0xFFFF) {
      throw new IllegalArgumentException(
          "an address to listen on looks like tcp://:8000 or ws://127.0.0.1:8080/pxp, not " + text);
    }
    return uri;
  }

  private static boolean isAnyHost(URI uri) {
    String authority = uri.getAuthority();
    return authority != null && authority.matches(":[0-9]{1,5}");
  }

  /// The port, 0 for any or if none is named.
  static int portOf(URI uri) {
    String authority = uri.getAuthority();
    if (uri.getHost() == null && authority != null && authority.startsWith(ANY_HOST)) {
      return Integer.parseInt(authority.substring(1));
    }
    return Math.max(uri.getPort(), 0);
  }

  static String schemeOf(URI uri) {
    return uri.getScheme().toLowerCase(Locale.ROOT);
  }

  private static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "an address looks like tcp://192.0.2.7:8000 or wss://example.org/pxp, not " + text, e);
    }
  }
}
