package peerage.pex;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.testkit.Seeds;

/// What we send, byte for byte, and that we read it back as it was.
final class UtPexTest {
  private static final PeerAddress V4 = Contacts.at("93.184.216.34:6881");
  private static final PeerAddress V4_TOO = Contacts.at("8.8.4.4:1");
  private static final PeerAddress V6 = Contacts.at("[2a00:1450::5]:51413");

  @Test
  void aContactIsFourBytesAndAPortWithAFlagByteBesideIt() throws MalformedMessage {
    assertVector(
        added(V4, PeerFlags.REACHABLE),
        "d" + "5:added6:\\x5d\\xb8\\xd8\\x22\\x1a\\xe1" + "7:added.f1:\\x10" + "e");
  }

  @Test
  void anIpv6ContactGoesIntoListsOfItsOwn() throws MalformedMessage {
    assertVector(
        added(V6, PeerFlags.UPLOAD_ONLY),
        "d"
            + "6:added618:\\x2a\\x00\\x14\\x50"
            + "\\x00".repeat(11)
            + "\\x05\\xc8\\xd5"
            + "8:added6.f1:\\x02"
            + "e");
  }

  @Test
  void aDropHasNoFlags() throws MalformedMessage {
    assertVector(
        Contacts.message(List.of(), List.of(V4)),
        "d" + "7:dropped6:\\x5d\\xb8\\xd8\\x22\\x1a\\xe1" + "e");
  }

  @Test
  void theKeysStandInTheOrderOfTheirBytes() throws MalformedMessage {
    var contacts = new LinkedHashMap<PeerAddress, PeerFlags>();
    contacts.put(V6, PeerFlags.NONE);
    contacts.put(V4, new PeerFlags(0x1f));
    var gone = new LinkedHashSet<PeerAddress>();
    gone.add(Contacts.at("[2a00::9]:9"));
    gone.add(V4_TOO);
    assertVector(
        new PexMessage(contacts, gone),
        "d"
            + "5:added6:\\x5d\\xb8\\xd8\\x22\\x1a\\xe1"
            + "7:added.f1:\\x1f"
            + "6:added618:\\x2a\\x00\\x14\\x50"
            + "\\x00".repeat(11)
            + "\\x05\\xc8\\xd5"
            + "8:added6.f1:\\x00"
            + "7:dropped6:\\x08\\x08\\x04\\x04\\x00\\x01"
            + "8:dropped618:\\x2a\\x00"
            + "\\x00".repeat(13)
            + "\\x09\\x00\\x09"
            + "e");
  }

  /// libtorrent skips a list without flags or with another number of them; BiglyBT, Transmission
  /// and bt want the number to be right, too.
  @Seeds(50)
  void flagsAreAsManyAsTheContactsTheyStandBeside(long seed) {
    PexMessage message = random(new SplittableRandom(seed));
    String payload = new String(UtPex.encode(message), ISO_8859_1);
    for (Family family : Family.values()) {
      String suffix = family == Family.V4 ? "" : "6";
      long contacts = message.added().keySet().stream().filter(c -> c.family() == family).count();
      String name = "added" + suffix + ".f";
      if (contacts == 0) {
        assertThat(payload).doesNotContain(name);
      } else {
        assertThat(payload).contains(name.length() + ":" + name + contacts + ":");
      }
    }
  }

  @Seeds(200)
  void whatIsWrittenIsReadBack(long seed) throws MalformedMessage {
    PexMessage message = random(new SplittableRandom(seed));
    UtPex.Decoded decoded = UtPex.decode(UtPex.encode(message));

    assertThat(decoded.message().added()).isEqualTo(message.added());
    assertThat(decoded.message().dropped()).isEqualTo(message.dropped());
    assertThat(decoded.oddities()).isEmpty();
  }

  /// rTorrent closes on an extension message over 32 KiB, anacrolix on one over 64 KiB.
  @Test
  void aFullMessageIsFarBelowWhatAnyClientTakes() {
    PexMessage full =
        Contacts.message(Contacts.numbers(0, 50, Family.V6), Contacts.numbers(100, 50, Family.V6));

    assertThat(UtPex.encode(full)).hasSizeLessThan(2_000);
  }

  private static PexMessage added(PeerAddress contact, int flag) {
    var contacts = new LinkedHashMap<PeerAddress, PeerFlags>();
    contacts.put(contact, PeerFlags.NONE.with(flag));
    return new PexMessage(contacts, new LinkedHashSet<>());
  }

  private static void assertVector(PexMessage message, String escaped) throws MalformedMessage {
    byte[] payload = bytes(escaped);
    assertThat(new String(UtPex.encode(message), ISO_8859_1))
        .isEqualTo(new String(payload, ISO_8859_1));
    assertThat(UtPex.decode(payload).message()).isEqualTo(message);
  }

  /// Text with `\xhh` for bytes.
  static byte[] bytes(String escaped) {
    var text = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.charAt(i) == '\\') {
        text.append((char) HexFormat.fromHexDigits(escaped, i + 2, i + 4));
        i += 3;
      } else {
        text.append(escaped.charAt(i));
      }
    }
    return text.toString().getBytes(ISO_8859_1);
  }

  static PexMessage random(RandomGenerator random) {
    var contacts = new ArrayList<PeerAddress>();
    for (Family family : Family.values()) {
      contacts.addAll(Contacts.numbers(random.nextInt(1000), random.nextInt(60), family));
    }
    var added = new LinkedHashMap<PeerAddress, PeerFlags>();
    var dropped = new LinkedHashSet<PeerAddress>();
    for (PeerAddress contact : contacts) {
      if (random.nextBoolean()) {
        added.put(contact, new PeerFlags(random.nextInt(32)));
      } else {
        dropped.add(contact);
      }
    }
    return new PexMessage(added, dropped);
  }
}
