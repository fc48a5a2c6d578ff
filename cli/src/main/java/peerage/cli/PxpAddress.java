package peerage.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Where a node is, or listens, as a user names it. `HOST:PORT` alone stands for `tcp://HOST:PORT`.
///
/// @param uri with a scheme
record PxpAddress(String uri) implements ITypeConverter<PxpAddress> {
  private static final List<String> SCHEMES = List.of("tcp", "tls", "ws", "wss");
  private static final Pattern WITH_SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.+");
  private static final Pattern BARE =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\[\\]:/\\s]*):[0-9]+");

  /// For the parser, which wants a converter that it can make.
  PxpAddress() {
    this("");
  }

  /// Whether keys are needed to listen there.
  boolean isEncrypted() {
    String lower = uri.toLowerCase(Locale.ROOT);
    return lower.startsWith("tls:") || lower.startsWith("wss:");
  }

  @Override
  public PxpAddress convert(String text) {
    return read(text);
  }

  /// @throws TypeConversionException if it is no address
  static PxpAddress read(String text) {
    if (BARE.matcher(text).matches()) {
      return new PxpAddress("tcp://" + text);
    }
    var matcher = WITH_SCHEME.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no address: give tcp://HOST:PORT or ws://HOST:PORT/PATH");
    }
    if (!SCHEMES.contains(matcher.group(1).toLowerCase(Locale.ROOT))) {
      throw new TypeConversionException(
          "'" + text + "' is no address: it begins with tcp://, tls://, ws:// or wss://");
    }
    return new PxpAddress(text);
  }

  @Override
  public String toString() {
    return uri;
  }
}
