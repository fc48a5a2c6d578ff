/// The library: sockets, threads, the clock and storage around the machines.
module peerage.node {
  requires java.net.http;
  requires transitive peerage.announce;
  requires transitive peerage.dht;
  requires transitive peerage.pieces;
  requires transitive peerage.pxp;
  requires transitive peerage.swarm;
  requires static org.jspecify;

  exports peerage.node;
  exports peerage.node.spi;

  uses peerage.node.spi.PxpWire;
  uses peerage.node.spi.PxpUpgrade;
}
