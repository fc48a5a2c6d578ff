package peerage.pex;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// Messages in the shapes that other clients give them, written by hand after their sources.
final class UtPexFromStrangersTest {
  private static final PeerAddress A = Contacts.at("1.2.3.4:258");
  private static final PeerAddress B = Contacts.at("5.6.7.8:772");
  private static final String A_BYTES = "\\x01\\x02\\x03\\x04\\x01\\x02";
  private static final String B_BYTES = "\\x05\\x06\\x07\\x08\\x03\\x04";

  @Test
  void libtorrentWritesEveryKeyAndLeavesMostEmpty() throws MalformedMessage {
    var read =
        read(
            "d5:added12:"
                + (A_BYTES + B_BYTES)
                + "7:added.f2:\\x04\\x126:added60:8:added6.f0:7:dropped0:8:dropped60:e");

    assertThat(read.message().added())
        .containsExactly(entry(A, new PeerFlags(0x04)), entry(B, new PeerFlags(0x12)));
    assertThat(read.message().dropped()).isEmpty();
    assertThat(read.oddities()).isEmpty();
  }

  @Test
  void rTorrentSendsNoFlags() throws MalformedMessage {
    var read = read("d5:added6:" + A_BYTES + "7:dropped6:" + B_BYTES + "e");

    assertThat(read.message()).isEqualTo(Contacts.message(List.of(A), List.of(B)));
    assertThat(read.oddities()).containsExactly(PexOddity.FLAGS_DO_NOT_MATCH);
  }

  @Test
  void flagsOfNobodyAreOddToo() throws MalformedMessage {
    assertThat(read("d7:added.f1:\\x10e").oddities()).containsExactly(PexOddity.FLAGS_DO_NOT_MATCH);
  }

  @Test
  void flagsOfAnotherNumberCountForNobody() throws MalformedMessage {
    var read = read("d5:added12:" + A_BYTES + B_BYTES + "7:added.f1:\\x10e");

    assertThat(read.message().added().values()).containsExactly(PeerFlags.NONE, PeerFlags.NONE);
    assertThat(read.oddities()).containsExactly(PexOddity.FLAGS_DO_NOT_MATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"de", "d5:added0:7:added.f0:7:dropped0:e", "d5:added0:6:added60:e", "d1:xi1ee"})
  void transmissionAndAria2SendMessagesThatNameNobody(String payload) throws MalformedMessage {
    var read = read(payload);

    assertThat(read.message().isEmpty()).isTrue();
    assertThat(read.oddities()).containsExactly(PexOddity.EMPTY);
  }

  @Test
  void transmissionNamesPeersWithPortZero() throws MalformedMessage {
    var read =
        read("d5:added12:\\x09\\x09\\x09\\x09\\x00\\x00" + A_BYTES + "7:added.f2:\\x1f\\x02e");

    assertThat(read.message().added())
        .as("the flags of the others stay with them")
        .containsExactly(entry(A, new PeerFlags(0x02)));
    assertThat(read.oddities()).containsExactly(PexOddity.PORT_ZERO);
  }

  @Test
  void transmissionPassesReservedFlagsOn() throws MalformedMessage {
    assertThat(read("d5:added6:" + A_BYTES + "7:added.f1:\\xf0e").message().added())
        .containsExactly(entry(A, new PeerFlags(0x10)));
  }

  @Test
  void theOrderOfTheKeysIsNoMatter() throws MalformedMessage {
    var read = read("d7:dropped6:" + B_BYTES + "7:added.f1:\\x025:added6:" + A_BYTES + "e");

    assertThat(read.message().added()).containsExactly(entry(A, new PeerFlags(0x02)));
    assertThat(read.message().dropped()).containsExactly(B);
    assertThat(read.oddities()).isEmpty();
  }

  @Test
  void ofAListOfThirteenBytesTheTwoWholeContactsAreRead() throws MalformedMessage {
    var read = read("d5:added13:" + A_BYTES + B_BYTES + "\\x097:added.f2:\\x00\\x00e");

    assertThat(read.message()).isEqualTo(Contacts.message(List.of(A, B), List.of()));
    assertThat(read.oddities()).containsExactly(PexOddity.CUT_OFF_LIST);
  }

  @Test
  void anIpv6ListIsReadByEighteens() throws MalformedMessage {
    String v6 = "\\x2a\\x00" + "\\x00".repeat(13) + "\\x01\\x1a\\xe1";
    var read = read("d6:added619:" + v6 + "\\x078:added6.f1:\\x01e");

    assertThat(read.message().added())
        .containsExactly(entry(Contacts.number(0, Family.V6), new PeerFlags(0x01)));
    assertThat(read.oddities()).containsExactly(PexOddity.CUT_OFF_LIST);
  }

  @Test
  void anIpv4AddressWrappedInIpv6IsThatIpv4Address() throws MalformedMessage {
    String wrapped = "\\x00".repeat(10) + "\\xff\\xff" + A_BYTES;

    assertThat(read("d6:added618:" + wrapped + "8:added6.f1:\\x00e").message())
        .isEqualTo(Contacts.message(List.of(A), List.of()));
  }

  @Test
  void aContactNamedTwiceCountsOnce() throws MalformedMessage {
    var read =
        read(
            "d5:added12:"
                + (A_BYTES + A_BYTES)
                + "7:added.f2:\\x01\\x027:dropped12:"
                + (B_BYTES + B_BYTES)
                + "e");

    assertThat(read.message().added()).containsExactly(entry(A, new PeerFlags(0x01)));
    assertThat(read.message().dropped()).containsExactly(B);
    assertThat(read.oddities()).containsExactly(PexOddity.REPEATED_CONTACT);
  }

  @Test
  void ofOneIpAddressWithManyPortsTheFirstIsRead() throws MalformedMessage {
    var read =
        read("d5:added12:" + A_BYTES + "\\x01\\x02\\x03\\x04\\x00\\x507:added.f2:\\x00\\x00e");

    assertThat(read.message()).isEqualTo(Contacts.message(List.of(A), List.of()));
    assertThat(read.oddities()).containsExactly(PexOddity.REPEATED_IP);
  }

  @Test
  void onTheLoopbackNetworkManyPortsAreManyPeers() throws MalformedMessage {
    var read =
        read(
            "d5:added12:\\x7f\\x00\\x00\\x01\\x00\\x01\\x7f\\x00\\x00\\x01\\x00\\x02"
                + "7:added.f2:\\x00\\x00e");

    assertThat(read.message().added()).hasSize(2);
    assertThat(read.oddities()).isEmpty();
  }

  @Test
  void whoIsBothAddedAndDroppedIsAdded() throws MalformedMessage {
    var read = read("d5:added6:" + A_BYTES + "7:added.f1:\\x007:dropped6:" + A_BYTES + "e");

    assertThat(read.message()).isEqualTo(Contacts.message(List.of(A), List.of()));
    assertThat(read.oddities()).containsExactly(PexOddity.ADDED_AND_DROPPED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"d5:addedi7ee", "d5:addedl6:abcdefee", "d7:droppedde5:addeddee", "d6:added6i0ee"})
  void aListOfAnotherTypeIsNoList(String payload) throws MalformedMessage {
    var read = read(payload);

    assertThat(read.message().isEmpty()).isTrue();
    assertThat(read.oddities()).containsExactly(PexOddity.WRONG_TYPE);
  }

  @Test
  void unknownKeysAreReadOver() throws MalformedMessage {
    var read =
        read(
            "d9:added_HST1:\\x005:added6:"
                + A_BYTES
                + "7:added.f1:\\x007:removed6:"
                + B_BYTES
                + "2:zzld1:ali1eeeee");

    assertThat(read.message()).isEqualTo(Contacts.message(List.of(A), List.of()));
    assertThat(read.oddities()).isEmpty();
  }

  /// anacrolix and KTorrent send all that they have in a first message.
  @Test
  void ofALongListTheFirstTwoHundredAreRead() throws MalformedMessage {
    var all = Contacts.message(Contacts.numbers(0, 300, Family.V4), List.of());
    var read = UtPex.decode(UtPex.encode(all));

    assertThat(read.message().added().keySet())
        .containsExactlyElementsOf(Contacts.numbers(0, UtPex.MAX_CONTACTS, Family.V4));
    assertThat(read.oddities()).containsExactly(PexOddity.TOO_MANY);
  }

  @Test
  void rTorrentsTwoHundredAreReadWithoutAWord() throws MalformedMessage {
    var all = Contacts.message(Contacts.numbers(0, 200, Family.V4), List.of());

    assertThat(UtPex.decode(UtPex.encode(all)).oddities()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "i1e",
        "le",
        "4:spam",
        "d",
        "d5:added",
        "d5:added6:abcde",
        "d5:added-1:e",
        "x"
      })
  void whatIsNoDictionaryIsNoMessage(String payload) {
    assertThatThrownBy(() -> read(payload)).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void aHundredThousandListsAreRefusedAndNotWalkedThrough() {
    String flat = "d5:addedl" + "le".repeat(100_000) + "ee";
    String deep = "d5:added" + "l".repeat(100_000) + "e".repeat(100_000) + "e";

    assertThatThrownBy(() -> read(flat))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining("more than 2000 values");
    assertThatThrownBy(() -> read(deep))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining("nested deeper");
  }

  private static UtPex.Decoded read(String escaped) throws MalformedMessage {
    return UtPex.decode(
        escaped.contains("\\") ? UtPexTest.bytes(escaped) : escaped.getBytes(ISO_8859_1));
  }
}
