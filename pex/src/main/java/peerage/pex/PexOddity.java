package peerage.pex;

/// What real peers send although BEP 11 says otherwise. Each is read around and counted; none of
/// them alone is a reason to close.
public enum PexOddity {
  /// The message names nobody. Transmission since 2023 and aria2 send it.
  EMPTY("an empty message"),
  /// A list is no whole number of entries; the whole ones are used, as libtorrent does.
  CUT_OFF_LIST("a list cut off inside an entry"),
  /// Flags are missing or of another number than the contacts; the contacts count without flags.
  FLAGS_DO_NOT_MATCH("flags that do not match the contacts"),
  /// A contact stands twice in a list.
  REPEATED_CONTACT("a contact named twice"),
  /// The same address with several ports; BEP 11: receivers ignore duplicate IPs.
  REPEATED_IP("one IP address with several ports"),
  /// A contact with port 0.
  PORT_ZERO("a contact with port 0"),
  /// A contact is both added and dropped; it counts as added.
  ADDED_AND_DROPPED("a contact both added and dropped"),
  /// A key holds a value of another type.
  WRONG_TYPE("a key with a value of the wrong type"),
  /// More contacts than are read of one message, see [UtPex#MAX_CONTACTS].
  TOO_MANY("more contacts than are read"),
  /// A message came less than a minute after the one before. Clients that send each 60.0 s do it
  /// now and then, by the network's jitter.
  EARLY("a message less than a minute after the one before"),
  /// A contact is dropped that was not there. libtorrent drops incoming peers under another port
  /// than it added them; aria2 does it in half of its messages.
  UNKNOWN_DROPPED("a drop of a contact that it had not added"),
  /// A contact is added that is still there. Who sends the full list each time does it, as do
  /// Transmission, anacrolix and rqbit after a repeated handshake.
  ADDED_AGAIN("a contact that it had added already");

  private final String words;

  PexOddity(String words) {
    this.words = words;
  }

  /// In words, to follow "sent".
  @Override
  public String toString() {
    return words;
  }
}
