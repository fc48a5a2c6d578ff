/// One swarm: the candidate book, who told us what, and whom to dial.
@NullMarked
package peerage.swarm;

import org.jspecify.annotations.NullMarked;
