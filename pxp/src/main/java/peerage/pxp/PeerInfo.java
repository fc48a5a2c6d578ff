package peerage.pxp;

import java.util.List;
import java.util.Optional;

/// What is known of a peer when it joins.
///
/// @param role who opened the connection
/// @param route how it is carried
/// @param introducedBy which peer told us of it and relayed, if one did; it may be gone by now
/// @param token the peer's random number of this run, if it shows one: 32 hex digits
/// @param identity the peer's proven key, if it has proved one
/// @param listening where the peer says that it listens
public record PeerInfo(
    Role role,
    Route route,
    Optional<PeerRef> introducedBy,
    Optional<String> token,
    Optional<IdentityKey> identity,
    List<Endpoint> listening) {}
