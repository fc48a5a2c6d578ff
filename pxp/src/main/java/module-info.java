/// The Peer Exchange Protocol of the npm package `peer-exchange`.
module peerage.pxp {
  requires transitive peerage.bencode;
  requires transitive peerage.peers;
  requires tools.jackson.core;
  requires static org.jspecify;

  exports peerage.pxp;
}
