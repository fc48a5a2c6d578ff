/// The Peer Exchange Protocol (PXP), version 1, as the npm package `peer-exchange` 2.2.0 speaks it:
/// connected peers of a network introduce others to each other and relay their signalling.
///
/// [peerage.pxp.Exchange] is the machine of one network; everything else here is a part of it or a
/// value that it takes or gives. No socket, thread, clock or file.
@NullMarked
package peerage.pxp;

import org.jspecify.annotations.NullMarked;
