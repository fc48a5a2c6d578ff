package peerage.interop;

/// A foreign client with one torrent, at a host of its own, listening on [Host#PORT].
interface Client {
  /// Where it is.
  Host host();

  /// Its process.
  Running process();

  /// Whether it says that its download is complete.
  boolean isComplete();
}
