/// What a peer *is*, as values: who ([peerage.peers.PeerId]), where
/// ([peerage.peers.PeerAddress]), in which swarm ([peerage.peers.InfoHash]), what is known
/// ([peerage.peers.PeerFlags]) and who said so ([peerage.peers.Origin]).
@NullMarked
package peerage.peers;

import org.jspecify.annotations.NullMarked;
