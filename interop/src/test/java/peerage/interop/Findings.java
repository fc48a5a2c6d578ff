package peerage.interop;

/// What was seen of a foreign client.
///
/// @param version as it calls itself
/// @param tells whether Peerage met a peer of which only the client had told it
/// @param listens whether the client met a peer of which only Peerage had told it
/// @param dialsBait whether the client met a peer that the observer had named
/// @param telling what the client told the observer
/// @param nameOfCaller by which address it named a peer that had dialled it
/// @param dropOfDialled whether it dropped a peer that it had dialled, as it had named it
/// @param dropOfCaller whether it dropped a peer that had dialled it, as it had named it
/// @param ours what Peerage told the observer
/// @param dropOfOurs whether Peerage dropped a peer as it had named it
record Findings(
    Foreign client,
    String version,
    boolean tells,
    boolean listens,
    boolean dialsBait,
    Telling telling,
    String nameOfCaller,
    String dropOfDialled,
    String dropOfCaller,
    Telling ours,
    String dropOfOurs) {}
