package peerage.pxp;

/// Numbers our messages on one connection as JavaScript nodes do: from 0, in base 36, as strings.
final class Nonces {
  /// The next one. Never a word that JavaScript nodes use as the name of an event themselves.
  JsonText next() {
    throw new UnsupportedOperationException("not yet");
  }
}
