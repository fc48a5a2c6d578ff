package peerage.node;

import peerage.peers.AddressFilter;

/// Which addresses we have to do with.
///
/// @param connect with which we want connections
/// @param share which may be told to others
record Filters(AddressFilter connect, AddressFilter share) {}
