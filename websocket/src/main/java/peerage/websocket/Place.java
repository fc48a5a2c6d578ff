package peerage.websocket;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a `ws` or `wss` URI points.
///
/// @param uri as it was given
/// @param tls whether it is `wss`
/// @param host a name, or an address without brackets; empty for all addresses of this machine
/// @param port 0 for any
/// @param path from its first slash on, without the query
record Place(URI uri, boolean tls, String host, int port, String path) {
  /// RFC 6455, section 3.
  private static final int WS_PORT = 80;

  private static final int WSS_PORT = 443;
  private static final int PORT_MAX = 65_535;

  /// [URI] knows no authority without a host, so it is taken apart here.
  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[0-9a-fA-F:.%\\w]+]|[^:@\\[\\]]*)(:(?<port>[0-9]{1,5}))?");

  /// @throws IOException if nobody can be connected to there
  static Place toConnect(URI uri) throws IOException {
    boolean tls = isTls(uri);
    Place place = read(uri, tls, tls ? WSS_PORT : WS_PORT);
    if (place.host.isEmpty() || place.port == 0) {
      throw wrong(uri);
    }
    return place;
  }

  /// @throws IOException if it is no place to listen
  static Place toListen(URI uri) throws IOException {
    return read(uri, isTls(uri), 0);
  }

  private static boolean isTls(URI uri) {
    return "wss".equals(uri.getScheme().toLowerCase(Locale.ROOT));
  }

  private static Place read(URI uri, boolean tls, int portDefault) throws IOException {
    Matcher parts = AUTHORITY.matcher(Optional.ofNullable(uri.getRawAuthority()).orElse(""));
    if (!parts.matches()) {
      throw wrong(uri);
    }
    String portText = parts.group("port");
    int port = portText == null ? portDefault : Integer.parseInt(portText);
    if (port > PORT_MAX) {
      throw wrong(uri);
    }
    String host = parts.group("host");
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    String path = Optional.ofNullable(uri.getRawPath()).orElse("");
    return new Place(uri, tls, bare, port, path.isEmpty() ? "/" : path);
  }

  private static IOException wrong(URI uri) {
    return new IOException(
        "A WebSocket address looks like ws://192.0.2.7:8080/pxp, not " + uri + ".");
  }
}
