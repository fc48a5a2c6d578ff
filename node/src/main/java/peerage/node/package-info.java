/// The library: sockets, threads, the clock and storage around the machines.
@NullMarked
package peerage.node;

import org.jspecify.annotations.NullMarked;
