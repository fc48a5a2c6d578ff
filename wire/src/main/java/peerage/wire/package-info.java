/// What two peers say to each other, as values and bytes: the handshake (BEP 3), the messages (BEP
/// 3, BEP 6), the extension handshake (BEP 10), and the torrent they talk about.
@NullMarked
package peerage.wire;

import org.jspecify.annotations.NullMarked;
