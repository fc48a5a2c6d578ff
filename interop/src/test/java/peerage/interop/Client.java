package peerage.interop;

/// A foreign client with one torrent, at a host of its own, listening on [Host#PORT].
interface Client {
  /// Where it is.
  Host host();

  /// Its process.
  Running process();

  /// Whether it says that its download is complete.
  boolean isComplete();

  /// Whether it is connected to the client of another host of which it has heard by PEX. A client
  /// that does not tell how it heard of a peer counts with its connection alone.
  boolean metByPex(Host other);
}
