/// Peer exchange: messages, the codecs of each dialect, and the session of one connection.
module peerage.pex {
  requires transitive peerage.wire;
  requires static org.jspecify;
}
