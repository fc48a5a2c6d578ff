package peerage.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.testkit.Seeds;

final class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, 01020304",
    "0.0.0.0, 00000000",
    "255.255.255.255, ffffffff",
    "::, 00000000000000000000000000000000",
    "::1, 00000000000000000000000000000001",
    "1::, 00010000000000000000000000000000",
    "2001:db8::8:800:200c:417a, 20010db80000000000080800200c417a",
    "::13.1.68.3, 0000000000000000000000000d014403",
    "64:ff9b::192.0.2.33, 0064ff9b0000000000000000c0000221",
    "1:2:3:4:5:6:7:8, 00010002000300040005000600070008",
    "1:2:3:4:5:6:7::, 00010002000300040005000600070000",
    "::2:3:4:5:6:7:8, 00000002000300040005000600070008",
    "1:2:3:4:5:6:1.2.3.4, 00010002000300040005000601020304",
    "ABCD:EF01::, abcdef01000000000000000000000000",
    "0001:0002::, 00010002000000000000000000000000",
  })
  void textIsReadAsBytes(String text, String hex) {
    assertThat(HexFormat.of().formatHex(ip(text).bytes())).isEqualTo(hex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ":",
        ":::",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.04",
        "1.2.3.",
        ".1.2.3",
        "1.2.3.-4",
        "1.2.3.+4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4\0",
        "0x1.2.3.4",
        "1.2.3.1000",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1::",
        "1::2::3",
        ":1::",
        "1:::2",
        "12345::",
        "g::",
        "::1%eth0",
        "fe80::1%1",
        "[::1]",
        "1.2.3.4::",
        "1.2.3.4::1",
        "::1.2.3.4:1",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3",
        "::256.1.1.1",
        "localhost",
        "example.org",
        "١.٢.٣.٤",
        "::ａ",
        "0000:0000:0000:0000:0000:0000:0000:0000000000000001",
      })
  void otherTextIsNoAddress(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // RFC 5952 4.1: no leading zeros; 4.3: lower case
    "2001:0DB8::0001, 2001:db8::1",
    // 4.2.1: shortened as much as possible
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    // 4.2.2: one 16-bit field of zeros is not shortened
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    // 4.2.3: the longest run, and the first of two as long
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    // runs at either end
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "0:0:1:1:1:1:1:1, ::1:1:1:1:1:1",
    "1:1:1:1:1:1:0:0, 1:1:1:1:1:1::",
    "0:1:1:1:1:1:1:0, 0:1:1:1:1:1:1:0",
  })
  void ipv6IsWrittenAsRfc5952Says(String text, String canonical) {
    assertThat(ip(text)).hasToString(canonical);
  }

  @Test
  void anIpv4AddressMappedIntoIpv6IsTheIpv4Address() {
    IpAddress mapped = ip("::ffff:1.2.3.4");
    assertThat(mapped).isEqualTo(ip("1.2.3.4")).hasToString("1.2.3.4");
    assertThat(mapped.family()).isEqualTo(Family.V4);
    assertThat(ip("::fffe:1.2.3.4").family()).isEqualTo(Family.V6);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 15, 17})
  void onlyFourOrSixteenBytesAreAnAddress(int length) {
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.of(new byte[length]));
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.255, 32, 1.2.3.255",
    "1.2.3.255, 24, 1.2.3.0",
    "1.2.255.255, 17, 1.2.128.0",
    "255.255.255.255, 0, 0.0.0.0",
    "2001:db8:ffff:ffff:ffff::1, 128, 2001:db8:ffff:ffff:ffff::1",
    "2001:db8:ffff:ffff:ffff::1, 65, 2001:db8:ffff:ffff:8000::",
    "2001:db8:ffff:ffff:ffff::1, 64, 2001:db8:ffff:ffff::",
    "2001:db8:ffff:ffff:ffff::1, 56, 2001:db8:ffff:ff00::",
    "ffff::, 0, ::",
  })
  void aPrefixKeepsTheFirstBits(String address, int length, String network) {
    assertThat(ip(address).prefix(length)).isEqualTo(ip(network));
  }

  @Test
  void aPrefixIsNoLongerThanTheAddress() {
    assertThatIllegalArgumentException().isThrownBy(() -> ip("1.2.3.4").prefix(33));
    assertThatIllegalArgumentException().isThrownBy(() -> ip("::1").prefix(129));
    assertThatIllegalArgumentException().isThrownBy(() -> ip("::1").prefix(-1));
  }

  @Test
  void loopbackIsThisMachine() {
    assertThat(ip("127.255.0.1").isLoopback()).isTrue();
    assertThat(ip("::1").isLoopback()).isTrue();
    assertThat(ip("128.0.0.1").isLoopback()).isFalse();
    assertThat(ip("::2").isLoopback()).isFalse();
  }

  @Seeds(200)
  void textAndBytesGoBothWays(long seed) {
    var random = new SplittableRandom(seed);
    for (Family family : Family.values()) {
      IpAddress ip = RandomPeers.ip(random, family);
      assertThat(IpAddress.parse(ip.toString())).contains(ip);
      assertThat(IpAddress.of(ip.bytes())).isEqualTo(ip).hasSameHashCodeAs(ip);
    }
  }

  @Seeds(100)
  void theOrderIsIpv4FirstAndThenThatOfTheNumbers(long seed) {
    var random = new SplittableRandom(seed);
    IpAddress a = RandomPeers.ip(random, Family.V6);
    IpAddress b = RandomPeers.ip(random, Family.V6);
    int expected = new BigInteger(1, a.bytes()).compareTo(new BigInteger(1, b.bytes()));
    assertThat(Integer.signum(a.compareTo(b))).isEqualTo(expected);
    assertThat(ip("255.255.255.255")).isLessThan(ip("::"));
    assertThat(ip("::8000:0:0:0")).isGreaterThan(ip("::7000:0:0:0"));
    assertThat(ip("200.0.0.1")).isGreaterThan(ip("100.0.0.1"));
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }
}
