package peerage.node;

/// What peer exchange moved in one swarm, counted where it leaves and where it comes in. Of a
/// private torrent all is zero, but for what others send unasked.
///
/// @param offered extension handshakes of ours that offered it
/// @param sentMessages messages that were given to the network
/// @param sentBytes bytes of them
/// @param sentContacts contacts that they named, added and dropped
/// @param heardMessages messages that came
/// @param heardBytes bytes of them
/// @param savedAnnounces announces to trackers that were left out because peer exchange was healthy
public record PexTraffic(
    long offered,
    long sentMessages,
    long sentBytes,
    long sentContacts,
    long heardMessages,
    long heardBytes,
    long savedAnnounces) {
  /// Nothing moved yet.
  public static final PexTraffic NONE = new PexTraffic(0, 0, 0, 0, 0, 0, 0);

  PexTraffic offering() {
    return new PexTraffic(
        offered + 1,
        sentMessages,
        sentBytes,
        sentContacts,
        heardMessages,
        heardBytes,
        savedAnnounces);
  }

  PexTraffic sending(int bytes, int contacts) {
    return new PexTraffic(
        offered,
        sentMessages + 1,
        sentBytes + bytes,
        sentContacts + contacts,
        heardMessages,
        heardBytes,
        savedAnnounces);
  }

  PexTraffic hearing(int bytes) {
    return new PexTraffic(
        offered,
        sentMessages,
        sentBytes,
        sentContacts,
        heardMessages + 1,
        heardBytes + bytes,
        savedAnnounces);
  }

  PexTraffic saving(long announces) {
    return new PexTraffic(
        offered, sentMessages, sentBytes, sentContacts, heardMessages, heardBytes, announces);
  }
}
