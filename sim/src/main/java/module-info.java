/// Simulated networks: the same machines as in the library, on a virtual clock and a virtual
/// network, from a seed.
module peerage.sim {
  requires transitive peerage.dht;
  requires static org.jspecify;

  exports peerage.sim;
}
