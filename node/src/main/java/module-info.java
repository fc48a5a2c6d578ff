/// The library: sockets, threads, the clock and storage around the machines.
module peerage.node {
  requires transitive peerage.swarm;
  requires transitive peerage.pieces;
  requires transitive peerage.announce;
  requires static org.jspecify;
}
