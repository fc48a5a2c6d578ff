package peerage.pex;

/// What a `ut_pex` message can do wrong, each with the sentence that says so. [PexAudit] finds it.
///
/// The sections are those of the specifications: BEP 11 has "Protocol Extension" and "Security
/// Considerations".
public enum PexRule {
  /// The payload cannot be read at all.
  MALFORMED(Weight.BROKEN, "no bencoded dictionary", Text.PROTOCOL, Text.PAYLOAD),
  /// The bencode is readable, yet not the one form that there is for it.
  NOT_CANONICAL(
      Weight.BROKEN,
      "bencode out of form",
      "BEP 3, bencoding",
      "keys must be strings and appear in sorted order"),
  /// A key of BEP 11 holds something else than a string.
  WRONG_TYPE(Weight.BROKEN, "a value of the wrong type", Text.PROTOCOL, Text.PAYLOAD),
  /// It names nobody. µTorrent closes on it.
  EMPTY(
      Weight.BROKEN,
      "an empty message",
      Text.PROTOCOL,
      "messages must contain at least one of the following fields: added, added6, dropped,"
          + " dropped6"),
  /// A list whose length is no multiple of 6 (IPv4) or 18 (IPv6) bytes.
  CUT_OFF_LIST(Weight.BROKEN, "a list cut off inside a contact", Text.PROTOCOL, "compact format"),
  /// Another number of flags than of contacts.
  FLAGS_OF_ANOTHER_NUMBER(
      Weight.BROKEN,
      "flags of another number than the contacts",
      Text.PROTOCOL,
      "bit-flags, 1 byte per added peer"),
  /// Contacts without flags: allowed, and yet libtorrent reads none of them.
  NO_FLAGS(
      Weight.ODD,
      "contacts without flags",
      Text.PROTOCOL,
      "flags are optional; libtorrent skips a list that has none"),
  /// Bits 0x20, 0x40 or 0x80.
  RESERVED_FLAGS(
      Weight.BROKEN,
      "a reserved flag is set",
      Text.PROTOCOL,
      "other bits are reserved for future use"),
  /// One contact twice in added, or twice in dropped.
  REPEATED_CONTACT(
      Weight.BROKEN,
      "a contact named twice",
      Text.PROTOCOL,
      "added or removed contacts must not contain duplicates"),
  /// One address with several ports in added: receivers take one of them.
  REPEATED_IP(
      Weight.ODD,
      "one IP address with several ports",
      Text.SECURITY,
      "duplicate IP addresses (e.g. with different ports) should be ignored"),
  /// One contact in added and in dropped.
  ADDED_AND_DROPPED(
      Weight.BROKEN,
      "a contact both added and dropped",
      Text.PROTOCOL,
      "an added contact must not be dropped in the same message"),
  /// More than 50 added, of both families together, after the first message.
  TOO_MANY_ADDED(Weight.BROKEN, "more than 50 added", Text.PROTOCOL, Text.FIFTY),
  /// More than 50 dropped, of both families together, after the first message.
  TOO_MANY_DROPPED(Weight.BROKEN, "more than 50 dropped", Text.PROTOCOL, Text.FIFTY),
  /// Nobody can be connected to port 0.
  PORT_ZERO(Weight.BROKEN, "a contact with port 0", Text.PROTOCOL, Text.CONNECTED),
  /// Nobody can be connected to a multicast, reserved or documentation address.
  NO_HOST(Weight.BROKEN, "an address that is no host's", Text.PROTOCOL, Text.CONNECTED),
  /// The receiver knows itself, and dials itself if it does not look.
  NAMES_RECEIVER(
      Weight.ODD,
      "the receiver is named to itself",
      Text.PROTOCOL,
      "it leads to a dial of oneself"),
  /// Under a minute after the previous message.
  TOO_SOON(
      Weight.BROKEN,
      "too soon after the previous one",
      Text.PROTOCOL,
      "no more than 1 PEX message per minute"),
  /// Added while it was added already: a full list where a difference belongs.
  ADDED_AGAIN(
      Weight.ODD,
      "added before and not dropped since",
      Text.PROTOCOL,
      "a message is the difference to the one before"),
  /// A drop that matches no contact added before, by address and port.
  DROPPED_UNKNOWN(
      Weight.BROKEN,
      "dropped and never added",
      Text.PROTOCOL,
      "send the corresponding dropped event"),
  /// Sent under a number that the receiver did not give to `ut_pex`, or has switched off.
  NOT_OFFERED(
      Weight.BROKEN,
      "sent under a number that the receiver did not offer",
      "BEP 10, handshake message",
      "the receiver chooses the number, and 0 switches off");

  /// How much a finding weighs.
  public enum Weight {
    /// A "must" or "should" of a specification is broken.
    BROKEN,
    /// Allowed, or not spoken of, and yet worth a look.
    ODD
  }

  private final Weight weight;
  private final String words;
  private final String section;
  private final String quote;

  PexRule(Weight weight, String words, String section, String quote) {
    this.weight = weight;
    this.words = words;
    this.section = section;
    this.quote = quote;
  }

  /// How much it weighs.
  public Weight weight() {
    return weight;
  }

  /// Where the rule stands: `BEP 11, Protocol Extension`.
  public String section() {
    return section;
  }

  /// What the specification says, or what follows from it, in a few words.
  public String quote() {
    return quote;
  }

  /// What was done, in words.
  @Override
  public String toString() {
    return words;
  }

  private static final class Text {
    static final String PROTOCOL = "BEP 11, Protocol Extension";
    static final String SECURITY = "BEP 11, Security Considerations";
    static final String PAYLOAD = "the following bencoded payload";
    static final String FIFTY =
        "except for the initial PEX message the combined amount of added v4/v6 contacts should not"
            + " exceed 50 entries; the same applies to dropped entries";
    static final String CONNECTED =
        "a peer must only be included once a connection is successfully established";
  }
}
