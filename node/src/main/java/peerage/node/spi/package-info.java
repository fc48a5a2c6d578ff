/// What a wire of PXP must offer, so that a transport with heavy dependencies is a module of its
/// own, found at run time and missed by nobody who does not use it.
@NullMarked
package peerage.node.spi;

import org.jspecify.annotations.NullMarked;
