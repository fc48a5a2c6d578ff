/// The distributed hash table of BEP 5: messages, routing table, lookups, tokens and stores.
module peerage.dht {
  requires transitive peerage.bencode;
  requires transitive peerage.peers;
  requires static org.jspecify;

  exports peerage.dht;
}
