/// Tracker messages for both ends, over HTTP, and the rules by which a client announces itself.
module peerage.announce {
  requires transitive peerage.bencode;
  requires transitive peerage.peers;
  requires static org.jspecify;

  exports peerage.announce;
}
