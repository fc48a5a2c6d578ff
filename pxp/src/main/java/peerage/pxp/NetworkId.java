package peerage.pxp;

import java.nio.charset.StandardCharsets;

/// The name of a network: peers of one name find each other. Compared as an exact string.
///
/// @param text 1 to [#BYTES_MAX] bytes of UTF-8
public record NetworkId(String text) {
  /// So that the name of its stream, `data:` and this, fits into 256 bytes.
  public static final int BYTES_MAX = 251;

  /// @throws IllegalArgumentException if it is empty or too long
  public NetworkId {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "a network's id has 1 to " + BYTES_MAX + " bytes, not " + length);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
