package peerage.bencode;

/// What a reader takes at most, so that hostile bytes cost little.
///
/// @param depth nested lists and dictionaries, the outermost counting as 1
/// @param values integers, strings, lists and dictionaries in all
public record BencodeLimits(int depth, int values) {
  /// For messages from strangers: real PEX, extension and tracker messages need a depth of 4.
  public static final BencodeLimits DEFAULT = new BencodeLimits(16, 20_000);

  /// For `.torrent` files, which list every file: as many values as libtorrent takes tokens.
  public static final BencodeLimits TORRENT = new BencodeLimits(32, 3_000_000);

  /// @throws IllegalArgumentException unless both are at least 1
  public BencodeLimits {
    if (depth < 1 || values < 1) {
      throw new IllegalArgumentException("limits are at least 1: depth " + depth + ", " + values);
    }
  }
}
