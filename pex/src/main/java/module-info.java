/// Peer exchange: what connected peers tell each other about whom else they are connected to.
module peerage.pex {
  requires transitive peerage.wire;
  requires static org.jspecify;

  exports peerage.pex;
}
