package peerage.swarm;

/// What becomes of a teller after an [Offence].
enum Verdict {
  /// It is listened to as before.
  HEED,
  /// Its messages are ignored for a time.
  MUTE,
  /// The connection is to be closed; it is ignored for long should it come back.
  CLOSE
}
