package peerage.pex;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.TreeSet;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.IpAddress;

/// A `ut_pex` message as it stands on the wire, nothing left out or put right, for people who want
/// to see what a client sends; who wants to act on it takes [UtPex#decode(byte[])].
///
/// @param added in the order of the wire, IPv4 before IPv6; at most [#MAX_SHOWN] of a family
/// @param dropped the same
/// @param addedCount how many there are, shown or not
/// @param droppedCount the same
/// @param otherKeys keys that BEP 11 does not have, printable
/// @param findings what is wrong with the message by itself, in the order of [PexRule]
public record PexAsSent(
    List<Entry> added,
    List<Entry> dropped,
    int addedCount,
    int droppedCount,
    List<String> otherKeys,
    List<PexFinding> findings) {

  /// How many contacts of a list and family are taken apart (guess: twice what the largest message
  /// that was seen has).
  public static final int MAX_SHOWN = 1_000;

  /// Unknown keys that are shown at most, and characters of each (guess: a terminal's line).
  private static final int MAX_KEYS = 8;

  private static final int MAX_KEY = 24;

  /// Strict and lenient reading take the same size; as [UtPex#decode(byte[])].
  private static final BencodeLimits LIMITS = new BencodeLimits(8, 2_000);

  private static final TreeSet<String> KNOWN =
      new TreeSet<>(List.of("added", "added.f", "added6", "added6.f", "dropped", "dropped6"));

  private static final int DEFINED_FLAGS = 0x1F;

  /// Copies the lists.
  public PexAsSent {
    added = List.copyOf(added);
    dropped = List.copyOf(dropped);
    otherKeys = List.copyOf(otherKeys);
    findings = List.copyOf(findings);
  }

  /// One entry of a list.
  ///
  /// @param ip the address
  /// @param port 0 to 65535, as sent
  /// @param flags the byte as sent; empty if there is none for it, and for who is dropped
  public record Entry(IpAddress ip, int port, OptionalInt flags) {
    /// `1.2.3.4:6881`, `[2001:db8::1]:0`.
    @Override
    public String toString() {
      return switch (ip.family()) {
        case V4 -> ip + ":" + port;
        case V6 -> "[" + ip + "]:" + port;
      };
    }

    /// Whether both name the same contact, whatever their flags.
    boolean sameAs(Entry other) {
      return port == other.port && ip.equals(other.ip);
    }

    Entry withoutFlags() {
      return new Entry(ip, port, OptionalInt.empty());
    }
  }

  /// Takes a payload apart.
  ///
  /// @throws MalformedMessage if it is no bencoded dictionary within the limits
  public static PexAsSent of(byte[] payload) throws MalformedMessage {
    Bencoded.Dict dict = BencodeReader.lenient(LIMITS).readDict(ByteBuffer.wrap(payload));
    return new Reading(dict, formFault(payload)).result();
  }

  /// What keeps the payload from being the one canonical encoding.
  private static Optional<String> formFault(byte[] payload) {
    try {
      BencodeReader.strict(LIMITS).readDict(ByteBuffer.wrap(payload));
      return Optional.empty();
    } catch (MalformedMessage e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static final class Reading {
    private final Bencoded.Dict dict;
    private final Findings findings = new Findings();
    private final List<Entry> added = new ArrayList<>();
    private final List<Entry> dropped = new ArrayList<>();
    private int addedCount;
    private int droppedCount;

    Reading(Bencoded.Dict dict, Optional<String> formFault) {
      this.dict = dict;
      formFault.ifPresent(fault -> findings.add(PexRule.NOT_CANONICAL, fault));
    }

    PexAsSent result() {
      for (Family family : Family.values()) {
        readAdded(family);
        readDropped(family);
      }
      if (addedCount + droppedCount == 0) {
        findings.add(PexRule.EMPTY, "it names nobody");
      }
      judgeLists();
      return new PexAsSent(
          added, dropped, addedCount, droppedCount, otherKeys(), findings.sorted());
    }

    private void readAdded(Family family) {
      String key = family == Family.V4 ? "added" : "added6";
      ByteBuffer list = list(key, family);
      ByteBuffer flags = bytes(key + ".f");
      int count = list.remaining() / family.compactSize();
      boolean fits = flags.remaining() == count;
      if (!fits && flags.hasRemaining()) {
        findings.add(
            PexRule.FLAGS_OF_ANOTHER_NUMBER,
            flags.remaining() + " in " + key + ".f for " + count + " in " + key);
      } else if (!fits) {
        findings.add(PexRule.NO_FLAGS, count + " in " + key);
      }
      for (int i = 0; i < Math.min(count, MAX_SHOWN); i++) {
        OptionalInt flag =
            fits ? OptionalInt.of(Byte.toUnsignedInt(flags.get(i))) : OptionalInt.empty();
        added.add(entry(list, family, flag));
      }
      addedCount += count;
    }

    private void readDropped(Family family) {
      ByteBuffer list = list(family == Family.V4 ? "dropped" : "dropped6", family);
      int count = list.remaining() / family.compactSize();
      for (int i = 0; i < Math.min(count, MAX_SHOWN); i++) {
        dropped.add(entry(list, family, OptionalInt.empty()));
      }
      droppedCount += count;
    }

    private static Entry entry(ByteBuffer list, Family family, OptionalInt flags) {
      byte[] ip = new byte[family.ipSize()];
      list.get(ip);
      return new Entry(IpAddress.of(ip), Short.toUnsignedInt(list.getShort()), flags);
    }

    private ByteBuffer list(String key, Family family) {
      ByteBuffer list = bytes(key);
      int over = list.remaining() % family.compactSize();
      if (over != 0) {
        findings.add(
            PexRule.CUT_OFF_LIST,
            key + " has " + list.remaining() + " bytes, no multiple of " + family.compactSize());
      }
      return list;
    }

    private ByteBuffer bytes(String key) {
      if (dict.get(key).isPresent() && dict.bytes(key).isEmpty()) {
        findings.add(PexRule.WRONG_TYPE, key + " is no string");
      }
      return dict.bytes(key).map(Bencoded.Bytes::buffer).orElse(ByteBuffer.allocate(0));
    }

    private void judgeLists() {
      var seen = new TreeSet<>(Findings.BY_CONTACT);
      var ips = new TreeSet<IpAddress>();
      for (Entry entry : added) {
        judge(entry);
        if (!seen.add(entry)) {
          findings.add(PexRule.REPEATED_CONTACT, entry + " in added");
        } else if (!ips.add(entry.ip) && !entry.ip.isLoopback()) {
          findings.add(PexRule.REPEATED_IP, entry.toString());
        }
        int flags = entry.flags.orElse(0);
        if ((flags & ~DEFINED_FLAGS) != 0) {
          findings.add(PexRule.RESERVED_FLAGS, String.format("0x%02x of %s", flags, entry));
        }
      }
      var gone = new TreeSet<>(Findings.BY_CONTACT);
      for (Entry entry : dropped) {
        judge(entry);
        if (!gone.add(entry)) {
          findings.add(PexRule.REPEATED_CONTACT, entry + " in dropped");
        } else if (seen.contains(entry)) {
          findings.add(PexRule.ADDED_AND_DROPPED, entry.toString());
        }
      }
    }

    private void judge(Entry entry) {
      if (entry.port == 0) {
        findings.add(PexRule.PORT_ZERO, entry.toString());
      }
      if (AddressClass.of(entry.ip) == AddressClass.UNUSABLE) {
        findings.add(PexRule.NO_HOST, entry.toString());
      }
    }

    private List<String> otherKeys() {
      return dict.entries().keySet().stream()
          .filter(key -> !KNOWN.contains(key))
          .limit(MAX_KEYS)
          .map(Reading::printable)
          .toList();
    }

    private static String printable(String key) {
      var text = new StringJoiner("");
      key.chars().limit(MAX_KEY).forEach(c -> text.add(c > 32 && c < 127 ? "" + (char) c : "?"));
      return text.toString();
    }
  }
}
