package peerage.pieces;

/// How far the metadata of a magnet has come.
///
/// @param blocks that are here, unverified until all are
/// @param of blocks in all; 0 while nobody has said
/// @param peers connected peers that say they have it
public record MetadataProgress(int blocks, int of, int peers) {
  /// Nothing is known yet.
  public static final MetadataProgress NONE = new MetadataProgress(0, 0, 0);
}
