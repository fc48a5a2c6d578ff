package peerage.pex;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Predicate;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// The dialect of BEP 11: a bencoded dictionary of compact lists, in an extension message.
public final class UtPex {
  /// The name in the extension handshake's `m`.
  public static final String NAME = "ut_pex";

  /// How many contacts of each list and family are read. µTorrent keeps 200 of a peer
  /// (Transmission's notes on extended messaging); nobody means well with more.
  public static final int MAX_CONTACTS = 200;

  /// A PEX message nests a dictionary of strings; unknown keys may nest a little.
  private static final BencodeLimits LIMITS = new BencodeLimits(8, 2_000);

  private static final String ADDED = "added";
  private static final String DROPPED = "dropped";
  private static final String FLAGS = ".f";

  private UtPex() {}

  /// A message as read, and what was odd about it.
  ///
  /// @param message what it says
  /// @param oddities in the order of their declaration; unmodifiable
  public record Decoded(PexMessage message, Set<PexOddity> oddities) {}

  /// The payload of the extension message.
  ///
  /// A list that is empty is left out with its flags. Flags always accompany added contacts:
  /// optional in BEP 11, but libtorrent skips a list that has none.
  public static byte[] encode(PexMessage message) {
    var dict = Bencoded.Dict.builder();
    for (Family family : Family.values()) {
      var added = ofFamily(message.added().sequencedKeySet(), family);
      if (!added.isEmpty()) {
        dict.put(ADDED + suffix(family), compact(added, family));
        dict.put(ADDED + suffix(family) + FLAGS, flags(added, message.added()));
      }
      var dropped = ofFamily(message.dropped(), family);
      if (!dropped.isEmpty()) {
        dict.put(DROPPED + suffix(family), compact(dropped, family));
      }
    }
    return dict.build().encode();
  }

  private static String suffix(Family family) {
    return switch (family) {
      case V4 -> "";
      case V6 -> "6";
    };
  }

  private static List<PeerAddress> ofFamily(
      SequencedCollection<PeerAddress> contacts, Family family) {
    return contacts.stream().filter(contact -> contact.family() == family).toList();
  }

  private static byte[] compact(List<PeerAddress> contacts, Family family) {
    ByteBuffer list = ByteBuffer.allocate(contacts.size() * family.compactSize());
    contacts.forEach(contact -> contact.writeCompact(list));
    return list.array();
  }

  private static byte[] flags(List<PeerAddress> contacts, Map<PeerAddress, PeerFlags> known) {
    ByteBuffer flags = ByteBuffer.allocate(contacts.size());
    for (PeerAddress contact : contacts) {
      flags.put((byte) known.getOrDefault(contact, PeerFlags.NONE).bits());
    }
    return flags.array();
  }

  /// Reads a payload with the tolerance that real peers need.
  ///
  /// @throws MalformedMessage if the payload is no bencoded dictionary within the limits
  public static Decoded decode(byte[] payload) throws MalformedMessage {
    Bencoded.Dict dict = BencodeReader.lenient(LIMITS).readDict(ByteBuffer.wrap(payload));
    var reading = new Reading(dict);
    for (Family family : Family.values()) {
      reading.readAdded(family);
      reading.readDropped(family);
    }
    return reading.result();
  }

  private static final class Reading {
    private final Bencoded.Dict dict;
    private final EnumSet<PexOddity> oddities = EnumSet.noneOf(PexOddity.class);
    private final SequencedMap<PeerAddress, PeerFlags> added = new LinkedHashMap<>();
    private final SequencedSet<PeerAddress> dropped = new LinkedHashSet<>();

    Reading(Bencoded.Dict dict) {
      this.dict = dict;
    }

    void readAdded(Family family) {
      ByteBuffer list = list(ADDED + suffix(family), family);
      int count = list.remaining() / family.compactSize();
      Optional<ByteBuffer> flags = flags(ADDED + suffix(family) + FLAGS, count);
      var ips = new LinkedHashSet<IpAddress>();
      for (int i = 0; i < Math.min(count, MAX_CONTACTS); i++) {
        int at = i;
        PeerFlags contactFlags =
            flags.map(bytes -> new PeerFlags(bytes.get(at))).orElse(PeerFlags.NONE);
        read(list, family)
            .filter(contact -> isNew(contact, added.containsKey(contact), ips))
            .ifPresent(contact -> added.put(contact, contactFlags));
      }
    }

    void readDropped(Family family) {
      ByteBuffer list = list(DROPPED + suffix(family), family);
      for (int i = 0; i < MAX_CONTACTS && list.hasRemaining(); i++) {
        read(list, family)
            .filter(contact -> isNew(dropped.contains(contact)))
            .ifPresent(dropped::add);
      }
    }

    Decoded result() {
      Predicate<PeerAddress> alsoAdded = added::containsKey;
      if (dropped.removeIf(alsoAdded)) {
        oddities.add(PexOddity.ADDED_AND_DROPPED);
      }
      var message = new PexMessage(added, dropped);
      if (message.isEmpty() && oddities.isEmpty()) {
        oddities.add(PexOddity.EMPTY);
      }
      return new Decoded(message, Collections.unmodifiableSet(oddities));
    }

    private ByteBuffer list(String key, Family family) {
      ByteBuffer list = bytes(key).orElse(ByteBuffer.allocate(0));
      int count = list.remaining() / family.compactSize();
      if (count * family.compactSize() != list.remaining()) {
        oddities.add(PexOddity.CUT_OFF_LIST);
      }
      if (count > MAX_CONTACTS) {
        oddities.add(PexOddity.TOO_MANY);
      }
      return list.slice(list.position(), count * family.compactSize());
    }

    private Optional<ByteBuffer> flags(String key, int count) {
      Optional<ByteBuffer> flags = bytes(key);
      if (flags.map(ByteBuffer::remaining).orElse(0) != count) {
        oddities.add(PexOddity.FLAGS_DO_NOT_MATCH);
        return Optional.empty();
      }
      return flags;
    }

    private Optional<ByteBuffer> bytes(String key) {
      if (dict.get(key).isPresent() && dict.bytes(key).isEmpty()) {
        oddities.add(PexOddity.WRONG_TYPE);
      }
      return dict.bytes(key).map(Bencoded.Bytes::buffer);
    }

    private Optional<PeerAddress> read(ByteBuffer list, Family family) {
      Optional<PeerAddress> contact = PeerAddress.readCompact(list, family);
      if (contact.isEmpty()) {
        oddities.add(PexOddity.PORT_ZERO);
      }
      return contact;
    }

    private boolean isNew(PeerAddress contact, boolean alreadyThere, Set<IpAddress> ips) {
      if (!isNew(alreadyThere)) {
        return false;
      }
      // BEP 11: clients "should ignore" duplicate addresses with other ports. On the loopback
      // network one IP address with many ports is a test bench, and nobody's victim.
      if (!ips.add(contact.ip()) && !contact.ip().isLoopback()) {
        oddities.add(PexOddity.REPEATED_IP);
        return false;
      }
      return true;
    }

    private boolean isNew(boolean alreadyThere) {
      if (alreadyThere) {
        oddities.add(PexOddity.REPEATED_CONTACT);
      }
      return !alreadyThere;
    }
  }
}
