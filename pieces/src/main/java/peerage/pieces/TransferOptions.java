package peerage.pieces;

/// How one torrent shares its upload.
///
/// @param uploadSlots how many peers are unchoked at a time, the optimistic one included; 1 to
///     1,000
public record TransferOptions(int uploadSlots) {
  /// Eight slots, one of them optimistic: what libtorrent starts from (`unchoke_slots_limit` 8).
  /// BEP 3 has four and one.
  public static final TransferOptions DEFAULTS = new TransferOptions(8);

  private static final int MAX_SLOTS = 1_000; // a guess: more share a link too thinly to matter

  /// @throws IllegalArgumentException if a value is out of bounds
  public TransferOptions {
    if (uploadSlots < 1 || uploadSlots > MAX_SLOTS) {
      throw new IllegalArgumentException(
          "uploadSlots is 1 to " + MAX_SLOTS + ", not " + uploadSlots);
    }
  }
}
