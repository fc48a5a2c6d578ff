/// The peer wire protocol: frames, handshakes and torrents.
module peerage.wire {
  requires transitive peerage.bencode;
  requires transitive peerage.peers;
  requires static org.jspecify;

  exports peerage.wire;
}
