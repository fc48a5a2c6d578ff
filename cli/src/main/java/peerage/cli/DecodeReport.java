package peerage.cli;

/// Where the findings of `decode` go.
abstract sealed class DecodeReport permits DecodeText, DecodeJson {
  private int messages;
  private boolean broken;

  /// A message was found.
  final void message(Sighting message) {
    messages++;
    broken |= message.verdict().isBroken();
    show(message);
  }

  /// How many there were.
  final int messages() {
    return messages;
  }

  /// Whether one of them breaks a "must" or "should".
  final boolean hasBroken() {
    return broken;
  }

  abstract void show(Sighting message);

  /// There are no more messages, and there was no capture around them.
  abstract void end();

  /// The capture is at its end.
  abstract void end(CaptureReader.Outcome outcome);
}
