/// Pieces: picker, choker, request pipeline and metadata exchange.
@NullMarked
package peerage.pieces;

import org.jspecify.annotations.NullMarked;
