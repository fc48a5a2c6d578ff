package peerage.peers;

/// A language in which peers exchange contacts.
public enum PexDialect {
  /// BEP 11, an extension message of BEP 10.
  UT_PEX("ut_pex");

  private final String wireName;

  PexDialect(String wireName) {
    this.wireName = wireName;
  }

  /// The extension's name on the wire.
  @Override
  public String toString() {
    return wireName;
  }
}
