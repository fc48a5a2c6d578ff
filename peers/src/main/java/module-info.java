/// Values about peers: addresses, ids, flags, origins and canonical peer priority.
module peerage.peers {
  requires static org.jspecify;

  exports peerage.peers;
}
