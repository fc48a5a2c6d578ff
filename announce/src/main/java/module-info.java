/// Tracker messages for both ends, over HTTP and UDP.
module peerage.announce {
  requires transitive peerage.bencode;
  requires transitive peerage.peers;
  requires static org.jspecify;
}
