/// Peer exchange (BEP 11): a message is the difference of two sets, whom we are connected to
/// ([peerage.pex.ContactLog]) and whom the remote believes we are connected to (kept by
/// [peerage.pex.PexSession]). Usable alone, without the rest of Peerage.
@NullMarked
package peerage.pex;

import org.jspecify.annotations.NullMarked;
