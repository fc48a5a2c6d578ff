/// Tracker messages for both ends, over HTTP and UDP.
@NullMarked
package peerage.announce;

import org.jspecify.annotations.NullMarked;
