package peerage.pex;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import peerage.bencode.Bencoded;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class PexAuditTest {
  private static final Instant START = Instant.ofEpochSecond(1_000_000);

  private final PexAudit audit = new PexAudit();
  private Instant now = START;

  @Test
  void aMessageOfOursBreaksNothing() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 50; i++) {
      PexMessage message = UtPexTest.random(random);
      var onlyAdded = new PexMessage(message.added(), new java.util.LinkedHashSet<>());
      if (!onlyAdded.isEmpty()) {
        assertThat(rules(new PexAudit().hear(UtPex.encode(onlyAdded), now)))
            .doesNotContain(PexRule.NOT_CANONICAL, PexRule.NO_FLAGS, PexRule.REPEATED_CONTACT);
      }
    }
    assertThat(hear(dict("added", list(3), "added.f", flags(0, 0x10, 2)))).isEmpty();
    wait(60);
    assertThat(hear(dict("added", contacts("9.9.9.9:1"), "added.f", flags(0), "dropped", list(3))))
        .isEmpty();
  }

  @Test
  void everyEntryIsShownAsItStands() {
    byte[] payload =
        dict(
            "added",
            contacts("1.2.3.4:6881", "1.2.3.4:6881"),
            "added.f",
            flags(0xFF, 0),
            "added6",
            contacts("[2a00::1]:5"),
            "x",
            "y");
    PexAsSent seen = audit.hear(payload, now).message().orElseThrow();
    assertThat(seen.added())
        .map(each -> each + " " + each.flags().orElse(-1))
        .containsExactly("1.2.3.4:6881 255", "1.2.3.4:6881 0", "[2a00::1]:5 -1");
    assertThat(seen.otherKeys()).containsExactly("x");
  }

  @Test
  void whatIsNoDictionaryIsMalformed() {
    assertThat(hear("i5e".getBytes(ISO_8859_1))).containsExactly(PexRule.MALFORMED);
    assertThat(hear(new byte[0])).contains(PexRule.MALFORMED);
  }

  @Test
  void keysOutOfOrderAndBytesAfterTheEndAreOutOfForm() {
    String contact = "\1\2\3\4\5\6";
    assertThat(hear("d7:dropped6:" + contact + "5:added6:\1\1\1\1\5\0067:added.f1:\0e"))
        .contains(PexRule.NOT_CANONICAL);
    assertThat(new PexAudit().hear(bytes("d5:added6:" + contact + "7:added.f1:\0ee"), now))
        .satisfies(verdict -> assertThat(rules(verdict)).containsExactly(PexRule.NOT_CANONICAL));
  }

  @Test
  void whoNamesNobodyIsEmpty() {
    assertThat(hear("de")).containsExactly(PexRule.EMPTY);
    assertThat(new PexAudit().hear(bytes("d5:added0:7:added.f0:7:dropped0:e"), now).findings())
        .map(PexFinding::rule)
        .containsExactly(PexRule.EMPTY);
  }

  @Test
  void aNumberWhereAListBelongsIsOfTheWrongType() {
    assertThat(hear("d5:addedi1ee")).contains(PexRule.WRONG_TYPE);
  }

  @Test
  void aListThatIsNoMultipleIsCutOff() {
    assertThat(hear("d5:added7:\1\2\3\4\5\6\0077:added.f1:\0e"))
        .containsExactly(PexRule.CUT_OFF_LIST);
  }

  @Test
  void flagsAreCounted() {
    assertThat(hear(dict("added", list(2), "added.f", flags(0))))
        .containsExactly(PexRule.FLAGS_OF_ANOTHER_NUMBER);
    assertThat(new PexAudit().hear(dict("added", list(2)), now).findings())
        .map(PexFinding::rule)
        .containsExactly(PexRule.NO_FLAGS);
  }

  @Test
  void reservedFlagsAreNamedWithTheirContact() {
    var verdict = audit.hear(dict("added", contacts("9.8.7.6:5"), "added.f", flags(0x82)), now);
    assertThat(verdict.findings())
        .containsExactly(new PexFinding(PexRule.RESERVED_FLAGS, "0x82 of 9.8.7.6:5"));
    assertThat(verdict.isBroken()).isTrue();
  }

  @Test
  void duplicatesAreFoundInEachList() {
    assertThat(hear(added("9.9.9.9:1", "9.9.9.9:1"))).containsExactly(PexRule.REPEATED_CONTACT);
    var drops = PexAudit.judge(dict("dropped", contacts("9.9.9.9:1", "9.9.9.9:1")));
    assertThat(rules(drops)).containsExactly(PexRule.REPEATED_CONTACT);
  }

  @Test
  void oneAddressWithTwoPortsIsOddAndNotForbidden() {
    var verdict = audit.hear(added("9.9.9.9:1", "9.9.9.9:2"), now);
    assertThat(rules(verdict)).containsExactly(PexRule.REPEATED_IP);
    assertThat(verdict.isBroken()).isFalse();
  }

  @Test
  void whoIsAddedIsNotDroppedAtOnce() {
    byte[] both =
        dict("added", contacts("9.9.9.9:1"), "added.f", flags(0), "dropped", contacts("9.9.9.9:1"));
    assertThat(rules(PexAudit.judge(both))).containsExactly(PexRule.ADDED_AND_DROPPED);
  }

  @Test
  void theFirstMessageAloneMayHaveMoreThanFifty() {
    assertThat(hear(dict("added", list(60), "added.f", new byte[60]))).isEmpty();
    wait(70);
    assertThat(hear(added(named(100, 151)))).containsExactly(PexRule.TOO_MANY_ADDED);
    wait(70);
    assertThat(hear(added(named(200, 250)))).isEmpty();
    wait(70);
    assertThat(hear(dict("dropped", contacts(named(100, 151)))))
        .containsExactly(PexRule.TOO_MANY_DROPPED);
  }

  @Test
  void bothFamiliesCountTogether() {
    hear(added("9.9.9.9:1"));
    wait(70);
    byte[] mixed =
        dict(
            "added",
            list(50),
            "added.f",
            new byte[50],
            "added6",
            contacts("[2a00::1]:5"),
            "added6.f",
            flags(0));
    assertThat(hear(mixed)).containsExactly(PexRule.TOO_MANY_ADDED);
  }

  @Test
  void portZeroAndAddressesOfNoHostCannotBeConnectedTo() {
    byte[] list = {9, 9, 9, 9, 0, 0, (byte) 224, 0, 0, 1, 1, 1};
    assertThat(hear(dict("added", list, "added.f", flags(0, 0))))
        .containsExactly(PexRule.PORT_ZERO, PexRule.NO_HOST);
  }

  @Test
  void theReceiverIsNotNamedToItself() {
    audit.receiverListensAt(PeerAddress.parse("9.9.9.9:1").orElseThrow());
    assertThat(hear(added("9.9.9.9:1", "8.8.8.8:1"))).containsExactly(PexRule.NAMES_RECEIVER);
  }

  @Test
  void lessThanAMinuteIsTooSoonAndAMinuteIsNot() {
    hear(added("9.9.9.9:1"));
    now = now.plusMillis(59_999);
    assertThat(audit.hear(added("9.9.9.8:1"), now))
        .satisfies(
            verdict -> {
              assertThat(verdict.spacing()).contains(Duration.ofMillis(59_999));
              assertThat(rules(verdict)).containsExactly(PexRule.TOO_SOON);
            });
    wait(60);
    assertThat(hear(added("9.9.9.7:1"))).isEmpty();
  }

  @Test
  void aDropNamesTheEndpointThatWasAdded() {
    hear(added("9.9.9.9:1", "9.9.9.8:1"));
    wait(70);
    assertThat(hear(dict("dropped", contacts("9.9.9.9:2"))))
        .containsExactly(PexRule.DROPPED_UNKNOWN);
    wait(70);
    assertThat(hear(dict("dropped", contacts("9.9.9.9:1")))).isEmpty();
    wait(70);
    assertThat(hear(dict("dropped", contacts("9.9.9.9:1"))))
        .containsExactly(PexRule.DROPPED_UNKNOWN);
    assertThat(audit.summary().dropped()).isEqualTo(3);
    assertThat(audit.summary().matched()).isEqualTo(1);
  }

  @Test
  void whoWasToldBeforeTheCaptureBeganMayBeDropped() {
    assertThat(rules(PexAudit.fromTheMiddle().hear(dict("dropped", contacts("9.9.9.9:1")), now)))
        .isEmpty();
  }

  @Test
  void aFullListInsteadOfADifferenceIsOdd() {
    hear(added("9.9.9.9:1"));
    wait(70);
    assertThat(hear(added("9.9.9.9:1", "9.9.9.8:1"))).containsExactly(PexRule.ADDED_AGAIN);
  }

  @Test
  void afterOffAndOnAFullMessageIsDue() {
    hear(added(named(0, 60)));
    wait(70);
    audit.switchedOff();
    assertThat(hear(added(named(0, 60)))).isEmpty();
  }

  @Test
  void theSummaryCountsEverything() {
    hear(added("9.9.9.9:1"));
    wait(50);
    hear(added("9.9.9.8:1", "9.9.9.7:1"));
    wait(80);
    hear(added("9.9.9.6:1"));
    wait(70);
    hear(dict("dropped", contacts("9.9.9.9:1")));
    PexAudit.Summary summary = audit.summary();
    assertThat(summary.messages()).isEqualTo(4);
    assertThat(summary.broken()).isEqualTo(1);
    assertThat(summary.spacingMin()).contains(Duration.ofSeconds(50));
    assertThat(summary.spacingMedian()).contains(Duration.ofSeconds(70));
    assertThat(summary.added()).isEqualTo(4);
    assertThat(summary.matched()).isEqualTo(1);
    assertThat(new PexAudit().summary().spacingMin()).isEqualTo(Optional.empty());
  }

  @Test
  void everyRuleNamesItsSection() {
    assertThat(PexRule.values())
        .allSatisfy(rule -> assertThat(rule.section()).matches("BEP (3|10|11), .+"))
        .allSatisfy(rule -> assertThat(rule.quote()).isNotBlank());
  }

  @Seeds(20)
  void anyBytesAreJudgedAndBounded(long seed) {
    var random = new SplittableRandom(seed);
    List<byte[]> samples = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      samples.add(UtPex.encode(UtPexTest.random(random)));
    }
    Stream.concat(Hostile.mutations(random, samples, 300), Hostile.nested(10_000))
        .forEach(
            payload -> {
              PexAudit.Verdict verdict = audit.hear(payload, now);
              assertThat(verdict.findings()).hasSizeLessThanOrEqualTo(PexRule.values().length);
              verdict
                  .message()
                  .ifPresent(
                      read ->
                          assertThat(read.added().size())
                              .isLessThanOrEqualTo(2 * PexAsSent.MAX_SHOWN));
            });
  }

  private List<PexRule> hear(String payload) {
    return hear(bytes(payload));
  }

  private List<PexRule> hear(byte[] payload) {
    return rules(audit.hear(payload, now));
  }

  private void wait(int seconds) {
    now = now.plusSeconds(seconds);
  }

  private static List<PexRule> rules(PexAudit.Verdict verdict) {
    return verdict.findings().stream().map(PexFinding::rule).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] added(String... contacts) {
    return dict("added", contacts(contacts), "added.f", new byte[contacts.length]);
  }

  private static byte[] flags(int... flags) {
    byte[] bytes = new byte[flags.length];
    for (int i = 0; i < flags.length; i++) {
      bytes[i] = (byte) flags[i];
    }
    return bytes;
  }

  /// `9.0.0.i:6881`, from and to.
  private static String[] named(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "9.0.0." + i + ":6881").toArray(String[]::new);
  }

  private static byte[] list(int count) {
    return contacts(named(0, count));
  }

  private static byte[] contacts(String... contacts) {
    ByteBuffer list = ByteBuffer.allocate(contacts.length * Family.V6.compactSize());
    for (String contact : contacts) {
      PeerAddress.parse(contact).orElseThrow().writeCompact(list);
    }
    return java.util.Arrays.copyOf(list.array(), list.position());
  }

  private static byte[] dict(Object... entries) {
    var dict = Bencoded.Dict.builder();
    for (int i = 0; i < entries.length; i += 2) {
      String key = (String) entries[i];
      if (entries[i + 1] instanceof byte[] value) {
        dict.put(key, value);
      } else {
        dict.put(key, (String) entries[i + 1]);
      }
    }
    return dict.build().encode();
  }
}
