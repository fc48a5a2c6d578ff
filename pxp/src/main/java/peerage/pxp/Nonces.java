package peerage.pxp;

import java.util.List;

/// Numbers our messages on one connection as JavaScript nodes do: from 0, in base 36, as strings.
final class Nonces {
  private static final int BASE = 36;

  /// Numbers in base 36 that are words, too: JavaScript nodes use a nonce as the name of an event,
  /// and take an answer to `relay` for a request to relay.
  private static final List<String> WORDS =
      List.of("hello", "getpeers", "relay", "incoming", "upgrade", "connect", "res", "error");

  private long count;

  Nonces() {
    this(0);
  }

  /// @param first where to begin
  Nonces(long first) {
    this.count = first;
  }

  /// The next one. Never a word that JavaScript nodes use as the name of an event themselves.
  JsonText next() {
    String nonce;
    do {
      nonce = Long.toString(count++, BASE);
    } while (WORDS.contains(nonce));
    return JsonText.ofString(nonce);
  }
}
