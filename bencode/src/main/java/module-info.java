/// Bencode, the encoding of torrents, trackers, the extension protocol and the DHT (BEP 3).
module peerage.bencode {
  requires static org.jspecify;

  exports peerage.bencode;
}
