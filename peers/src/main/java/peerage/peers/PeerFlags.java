package peerage.peers;

/// The flag byte that BEP 11 sends beside each added contact.
///
/// @param bits the byte; the reserved bits 0x20, 0x40 and 0x80 are always zero here
public record PeerFlags(int bits) {
  /// Prefers an encrypted connection.
  public static final int PREFERS_ENCRYPTION = 0x01;

  /// A seed, or a peer that only uploads (BEP 21).
  public static final int UPLOAD_ONLY = 0x02;

  /// Supports uTP (BEP 29).
  public static final int UTP = 0x04;

  /// Advertised `ut_holepunch` (BEP 55).
  public static final int HOLEPUNCH = 0x08;

  /// The sender itself dialled the contact: it is reachable.
  public static final int REACHABLE = 0x10;

  /// No flag set.
  public static final PeerFlags NONE = new PeerFlags(0);

  private static final int DEFINED = 0x1F;

  /// Clears the reserved bits: BEP 11 has them sent as 0 and ignored on receipt.
  public PeerFlags {
    bits &= DEFINED;
  }

  /// Whether the flag is set.
  ///
  /// @param flag one of the constants of this class
  public boolean has(int flag) {
    return (bits & flag) != 0;
  }

  /// These flags and one more.
  ///
  /// @param flag one of the constants of this class
  public PeerFlags with(int flag) {
    return new PeerFlags(bits | flag);
  }
}
