package peerage.pex;

/// Why a contact is no longer connected, as far as BEP 11 asks: of some who left although nothing
/// was wrong with them, others may still be told.
public enum Departure {
  /// We closed it because the same peer id is connected over the other address family.
  CONNECTED_OTHERWISE(true),
  /// We closed it because neither side will ever want anything of the other.
  NO_MUTUAL_INTEREST(true),
  /// We closed it for want of room.
  NO_ROOM(true),
  /// It closed, was lost, or was closed for another reason.
  OTHER(false);

  private final boolean worthTelling;

  Departure(boolean worthTelling) {
    this.worthTelling = worthTelling;
  }

  /// Whether BEP 11 lets the contact stand in the list of recently seen ones.
  public boolean isWorthTelling() {
    return worthTelling;
  }
}
