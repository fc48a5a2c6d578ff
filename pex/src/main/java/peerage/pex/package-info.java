/// Peer exchange: messages, the codecs of each dialect, and the session of one connection.
@NullMarked
package peerage.pex;

import org.jspecify.annotations.NullMarked;
