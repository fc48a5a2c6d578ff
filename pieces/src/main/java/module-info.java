/// Pieces: picker, choker, request pipeline and metadata exchange.
module peerage.pieces {
  requires transitive peerage.wire;
  requires static org.jspecify;

  exports peerage.pieces;
}
