/// Bencode (BEP 3) as values: a sealed [peerage.bencode.Bencoded], a bounded reader and a canonical
/// writer.
@NullMarked
package peerage.bencode;

import org.jspecify.annotations.NullMarked;
