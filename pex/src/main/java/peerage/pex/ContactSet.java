package peerage.pex;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// A set of contacts in the space that they take on the wire: 6 bytes for IPv4, 18 for IPv6. Every
/// connection has some of them, so this is most of what peer exchange costs in memory.
///
/// Sorted, IPv4 first. Meant for some hundred contacts: adding one moves those behind it.
final class ContactSet {
  private static final int GROWTH = 8;

  private final EnumMap<Family, Packed> families = new EnumMap<>(Family.class);

  /// Returns whether it was not there.
  boolean add(PeerAddress contact) {
    return families
        .computeIfAbsent(contact.family(), Packed::new)
        .add(Packed.compact(contact), contact.family().compactSize());
  }

  void addAll(Collection<PeerAddress> contacts) {
    contacts.forEach(this::add);
  }

  /// Returns whether it was there.
  boolean remove(PeerAddress contact) {
    Packed packed = families.get(contact.family());
    return packed != null && packed.remove(Packed.compact(contact));
  }

  void removeAll(Collection<PeerAddress> contacts) {
    contacts.forEach(this::remove);
  }

  boolean contains(PeerAddress contact) {
    Packed packed = families.get(contact.family());
    return packed != null && packed.find(Packed.compact(contact)) >= 0;
  }

  int size() {
    int size = 0;
    for (Packed packed : families.values()) {
      size += packed.count;
    }
    return size;
  }

  int size(Family family) {
    Packed packed = families.get(family);
    return packed == null ? 0 : packed.count;
  }

  /// A copy, in order.
  List<PeerAddress> toList() {
    var contacts = new ArrayList<PeerAddress>(size());
    families.values().forEach(packed -> packed.addTo(contacts));
    return contacts;
  }

  private static final class Packed {
    private final Family family;
    private byte[] bytes = new byte[0];
    private int count;

    Packed(Family family) {
      this.family = family;
    }

    static byte[] compact(PeerAddress contact) {
      ByteBuffer buffer = ByteBuffer.allocate(contact.family().compactSize());
      contact.writeCompact(buffer);
      return buffer.array();
    }

    boolean add(byte[] contact, int width) {
      int found = find(contact);
      if (found >= 0) {
        return false;
      }
      int at = -(found + 1) * width;
      int end = count * width;
      if (end == bytes.length) {
        bytes = Arrays.copyOf(bytes, end + Math.max(GROWTH, count / 4) * width);
      }
      System.arraycopy(bytes, at, bytes, at + width, end - at);
      System.arraycopy(contact, 0, bytes, at, width);
      count++;
      return true;
    }

    boolean remove(byte[] contact) {
      int found = find(contact);
      if (found < 0) {
        return false;
      }
      int width = contact.length;
      int behind = (found + 1) * width;
      System.arraycopy(bytes, behind, bytes, found * width, count * width - behind);
      count--;
      if (count == 0) {
        bytes = new byte[0];
      }
      return true;
    }

    /// The index of the contact, or `-(index where it belongs) - 1`.
    int find(byte[] contact) {
      int width = contact.length;
      int low = 0;
      int high = count - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int from = middle * width;
        int order = Arrays.compareUnsigned(bytes, from, from + width, contact, 0, width);
        if (order == 0) {
          return middle;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle - 1;
      }
      return -low - 1;
    }

    void addTo(List<PeerAddress> contacts) {
      ByteBuffer list = ByteBuffer.wrap(bytes, 0, count * family.compactSize());
      contacts.addAll(PeerAddress.readCompactList(list, family));
    }
  }
}
