package peerage.pxp;

/// A node that a peer can introduce us to.
///
/// @param id for [PxpMessage.Relay], good once, for [PxpLimits#CANDIDATE_KEPT]; 1 to
///     [PxpLimits#ID_MAX] characters
/// @param network where it is
/// @param info how it can be reached
record Candidate(String id, String network, ConnectInfo info) {}
