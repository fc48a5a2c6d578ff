package peerage.pex;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// Addresses for the tests of this module.
final class Contacts {
  private Contacts() {}

  static PeerAddress at(String text) {
    return PeerAddress.parse(text).orElseThrow();
  }

  static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }

  /// One of many public endpoints, all different.
  static PeerAddress number(int i, Family family) {
    String ip =
        switch (family) {
          case V4 -> "8.1." + (i >> 8 & 255) + "." + (i & 255);
          case V6 -> "2a00::" + Integer.toHexString(i + 1);
        };
    return new PeerAddress(ip(ip), 6881);
  }

  static List<PeerAddress> numbers(int from, int count, Family family) {
    return IntStream.range(from, from + count).mapToObj(i -> number(i, family)).toList();
  }

  static PexMessage message(List<PeerAddress> added, List<PeerAddress> dropped) {
    SequencedMap<PeerAddress, PeerFlags> contacts = new LinkedHashMap<>();
    added.forEach(contact -> contacts.put(contact, PeerFlags.NONE));
    return new PexMessage(contacts, new LinkedHashSet<>(dropped));
  }
}
