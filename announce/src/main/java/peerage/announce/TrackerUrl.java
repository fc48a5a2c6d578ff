package peerage.announce;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// The address of a tracker, as a torrent's author wrote it.
final class TrackerUrl {
  static final int MAX_LENGTH = 2048; // what browsers and servers commonly take

  private TrackerUrl() {}

  /// Why this URL is of no use to us, or nothing if it is.
  static Optional<String> reasonToSkip(String url) {
    if (url.length() > MAX_LENGTH) {
      return Optional.of("its URL is longer than " + MAX_LENGTH + " characters");
    }
    try {
      return reasonToSkip(new URI(url));
    } catch (URISyntaxException _) {
      return Optional.of("it is no URL");
    }
  }

  private static Optional<String> reasonToSkip(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "http", "https" ->
          url.getHost() == null ? Optional.of("its URL names no host") : Optional.empty();
      case "udp" -> reasonToSkipUdp(url);
      case "ws", "wss" -> Optional.of("WebSocket trackers are not supported: they join browsers");
      default -> Optional.of("its URL begins neither with http: nor https: nor udp:");
    };
  }

  private static Optional<String> reasonToSkipUdp(URI url) {
    if (url.getHost() == null) {
      return Optional.of("its URL names no host");
    }
    return url.getPort() < 1 || url.getPort() > 0xFFFF
        ? Optional.of("its URL names no port, which a UDP tracker's must")
        : Optional.empty();
  }
}
