package peerage.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class ExtensionHandshakeTest {
  private static final PeerAddress REMOTE = PeerAddress.parse("1.2.3.4:6881").orElseThrow();

  /// In the form that libtorrent 2.0 sends, with keys that we do not know.
  private static final String FOREIGN =
      "d12:complete_agoi1e1:ei1e4:ipv44:abcd1:md11:lt_donthavei7e10:share_modei8e"
          + "11:upload_onlyi3e12:ut_holepunchi4e11:ut_metadatai2e6:ut_pexi1ee13:metadata_sizei991e"
          + "1:pi6881e4:reqqi500e11:upload_onlyi1e1:v17:libtorrent 2.0.106:yourip4:\1\2\3\4e";

  @Test
  void oursIsWrittenInCanonicalForm() {
    ExtensionHandshake ours =
        ExtensionHandshake.ours(
            Map.of("ut_pex", 1), OptionalInt.of(6881), 250, REMOTE, Optional.of(false));
    assertThat(ours.encode())
        .asString(ISO_8859_1)
        .isEqualTo(
            "d1:md6:ut_pexi1ee1:pi6881e4:reqqi250e11:upload_onlyi0e"
                + "1:v13:Peerage 0.1.06:yourip4:\1\2\3\4e");
  }

  @Test
  void whatIsNotSaidIsNotWritten() throws MalformedMessage {
    ExtensionHandshake ours =
        ExtensionHandshake.ours(Map.of(), OptionalInt.empty(), 1, REMOTE, Optional.empty());
    assertThat(ours.encode())
        .asString(ISO_8859_1)
        .isEqualTo("d1:mde4:reqqi1e1:v13:Peerage 0.1.06:yourip4:\1\2\3\4e");
    assertThat(decode("de").encode()).asString(ISO_8859_1).isEqualTo("d1:mdee");
  }

  @Test
  void aForeignOneIsUnderstood() throws MalformedMessage {
    ExtensionHandshake handshake = decode(FOREIGN);
    assertThat(handshake.extensions())
        .containsEntry("ut_pex", 1)
        .containsEntry("ut_metadata", 2)
        .hasSize(6);
    assertThat(handshake.listenPort()).hasValue(6881);
    assertThat(handshake.client()).contains("libtorrent 2.0.10");
    assertThat(handshake.requestQueue()).hasValue(500);
    assertThat(handshake.yourIp()).contains(REMOTE.ip());
    assertThat(handshake.uploadOnly()).contains(true);
    assertThat(handshake.prefersEncryption()).isTrue();
  }

  @Test
  void theSizeOfTheMetadataIsSaidAndUnderstood() throws MalformedMessage {
    ExtensionHandshake ours =
        ExtensionHandshake.ours(Map.of(), OptionalInt.empty(), 1, REMOTE, Optional.empty())
            .withMetadata(31_235);
    assertThat(ours.encode()).asString(ISO_8859_1).contains("13:metadata_sizei31235e");
    assertThat(ExtensionHandshake.decode(ours.encode())).isEqualTo(ours);
    assertThat(decode(FOREIGN).metadataSize()).hasValue(991);
    assertThat(decode("d13:metadata_sizei0ee").metadataSize()).isEmpty();
    assertThat(decode("d13:metadata_sizei67108865ee").metadataSize()).isEmpty();
  }

  @Test
  void whatIsNotSaidIsEmpty() throws MalformedMessage {
    ExtensionHandshake handshake = decode("de");
    assertThat(handshake.extensions()).isEmpty();
    assertThat(handshake.listenPort()).isEmpty();
    assertThat(handshake.client()).isEmpty();
    assertThat(handshake.requestQueue()).isEmpty();
    assertThat(handshake.yourIp()).isEmpty();
    assertThat(handshake.uploadOnly()).isEmpty();
    assertThat(handshake.prefersEncryption()).isFalse();
  }

  /// As printed there; of the micro signs one is a byte of Latin 1, the other two of UTF-8.
  @Test
  void theExampleOfBep10IsUnderstood() throws MalformedMessage {
    ExtensionHandshake handshake =
        decode("d1:md11:LT_metadatai1e6:\u00b5T_PEXi2ee1:pi6881e1:v13:\u00c2\u00b5Torrent 1.2e");
    assertThat(handshake.extensions()).containsEntry("LT_metadata", 1).hasSize(2);
    assertThat(handshake.listenPort()).hasValue(6881);
    assertThat(handshake.client()).contains("\u00b5Torrent 1.2");
  }

  /// BEP 10 prints this as what switches an extension off; the sentence before it speaks of `m`.
  @Test
  void aNameBesideTheDictionaryOfExtensionsSwitchesNothingOff() throws MalformedMessage {
    assertThat(decode("d11:LT_metadatai0ee").extensions()).isEmpty();
  }

  @Test
  void anExtensionSwitchedOffIsKeptWithZero() throws MalformedMessage {
    assertThat(decode("d1:md6:ut_pexi0eee").extensions()).containsExactly(Map.entry("ut_pex", 0));
  }

  @Test
  void ofANameSaidTwiceTheFirstCounts() throws MalformedMessage {
    assertThat(decode("d1:md6:ut_pexi1e6:ut_pexi2eee").extensions())
        .containsExactly(Map.entry("ut_pex", 1));
  }

  @Test
  void namesAreCaseSensitive() throws MalformedMessage {
    assertThat(decode("d1:md6:UT_PEXi1e6:ut_pexi2eee").extensions()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "d1:mi1ee",
        "d1:mlee",
        "d1:m1:xe",
        "d1:md6:ut_pex1:1ee",
        "d1:md6:ut_pexi-1eee",
        "d1:md6:ut_pexi256eee",
        "d1:md6:ut_pexi4294967297eee",
        "d1:md6:ut_pexleee",
      })
  void anExtensionOfTheWrongTypeCountsAsNotSaid(String payload) throws MalformedMessage {
    assertThat(decode(payload).extensions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "d1:p4:6881e",
        "d1:pi0ee",
        "d1:pi65536ee",
        "d1:pi-1ee",
        "d1:pi4294974177ee",
        "d1:vi1ee",
        "d4:reqq1:9e",
        "d4:reqqi0ee",
        "d4:reqqi-1ee",
        "d4:reqqi2147483648ee",
        "d6:yourip3:abce",
        "d6:youripi1ee",
        "d6:yourip0:e",
        "d11:upload_only1:1e",
        "d1:e1:1e",
        "d1:elee",
      })
  void aValueOfTheWrongTypeOrOutOfRangeCountsAsNotSaid(String payload) throws MalformedMessage {
    assertThat(decode(payload)).isEqualTo(decode("de"));
  }

  @Test
  void yourIpMayBeIpv6() throws MalformedMessage {
    String v6 = "\0\1".repeat(8);
    assertThat(decode("d6:yourip16:" + v6 + "e").yourIp())
        .contains(IpAddress.parse("1:1:1:1:1:1:1:1").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "le", "i1e", "3:abc", "d", "d1:m", "x"})
  void onlyADictionaryIsAnExtensionHandshake(String payload) {
    assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> decode(payload));
  }

  @Test
  void aVerboseClientIsCutShort() throws MalformedMessage {
    assertThat(decode("d1:v200:" + "x".repeat(200) + "e").client()).contains("x".repeat(64));
  }

  @ParameterizedTest
  @CsvSource({
    "'a\u001b[31mb', a?[31mb",
    "'a\u0007\u009b\u007fb', a???b",
    "'a\nb\r\u2028c', a b  c",
    "'evil\u202Egnp.exe\u2066', evil?gnp.exe?",
    "'µTorrent 3.5.5 \uD83D\uDE00', 'µTorrent 3.5.5 \uD83D\uDE00'",
  })
  void aClientsNameIsFitForATerminal(String name, String shown) throws MalformedMessage {
    byte[] payload = Bencoded.Dict.builder().put("v", name).build().encode();
    assertThat(ExtensionHandshake.decode(payload).client()).contains(shown);
  }

  @Test
  void aClientsNameThatIsNoUtf8HasReplacements() throws MalformedMessage {
    assertThat(decode("d1:v3:a\u00ffbe").client()).contains("a\uFFFDb");
  }

  @Test
  void manyExtensionsAndLongNamesAreNotKept() throws MalformedMessage {
    var m = new TreeMap<String, Bencoded>();
    for (int i = 0; i < 1000; i++) {
      m.put("x_" + i, new Bencoded.Int(1 + i % 255));
    }
    byte[] payload = Bencoded.Dict.builder().put("m", Bencoded.dict(m)).build().encode();
    assertThat(ExtensionHandshake.decode(payload).extensions())
        .hasSize(ExtensionHandshake.MAX_EXTENSIONS);
    assertThat(decode("d1:md65:" + "x".repeat(65) + "i1eee").extensions()).isEmpty();
    assertThat(decode("d1:md64:" + "x".repeat(64) + "i1eee").extensions()).hasSize(1);
  }

  @Test
  void ourExtensionsHaveNumbersOfTheirOwn() {
    assertOursRefused(Map.of("ut_pex", 1, "ut_metadata", 1));
    assertOursRefused(Map.of("ut_pex", 256));
    assertOursRefused(Map.of("ut_pex", -1));
    Map<String, Integer> off = Map.of("ut_pex", 0, "ut_metadata", 0);
    assertThat(ours(off).extensions()).hasSize(2);
  }

  @Seeds(50)
  void whatIsWrittenIsReadBack(long seed) throws MalformedMessage {
    var random = new SplittableRandom(seed);
    var extensions = new TreeMap<String, Integer>();
    for (int i = random.nextInt(10); i > 0; i--) {
      extensions.put("pg_" + random.nextInt(100), i);
    }
    var handshake =
        new ExtensionHandshake(
            extensions,
            random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(1, 65536)),
            random.nextBoolean() ? Optional.empty() : Optional.of("client " + random.nextInt()),
            random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(1, 9999)),
            random.nextBoolean() ? Optional.empty() : Optional.of(REMOTE.ip()),
            random.nextBoolean() ? Optional.empty() : IpAddress.parse("8.0.0.1"),
            random.nextBoolean() ? Optional.empty() : IpAddress.parse("2a00::1"),
            random.nextBoolean() ? Optional.empty() : Optional.of(random.nextBoolean()),
            random.nextBoolean());
    assertThat(ExtensionHandshake.decode(handshake.encode())).isEqualTo(handshake);
  }

  @Seeds(20)
  void hostileBytesAreAHandshakeOrMalformed(long seed) {
    List<byte[]> samples = List.of(FOREIGN.getBytes(ISO_8859_1), ours(Map.of("a", 1)).encode());
    Hostile.mutations(new SplittableRandom(seed), samples, 300)
        .forEach(ExtensionHandshakeTest::survive);
  }

  private static void survive(byte[] payload) {
    try {
      ExtensionHandshake handshake = ExtensionHandshake.decode(payload);
      assertThat(ExtensionHandshake.decode(handshake.encode())).isEqualTo(handshake);
      assertThat(handshake.client().orElse("").getBytes(StandardCharsets.UTF_8))
          .hasSizeLessThanOrEqualTo(4 * ExtensionHandshake.MAX_CLIENT);
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isBetween(0, payload.length);
    }
  }

  private static ExtensionHandshake ours(Map<String, Integer> extensions) {
    return ExtensionHandshake.ours(extensions, OptionalInt.empty(), 250, REMOTE, Optional.empty());
  }

  private static void assertOursRefused(Map<String, Integer> extensions) {
    assertThatIllegalArgumentException().isThrownBy(() -> ours(extensions));
  }

  private static ExtensionHandshake decode(String payload) throws MalformedMessage {
    return ExtensionHandshake.decode(payload.getBytes(ISO_8859_1));
  }
}
