package peerage.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The first and the last address of each range, and their neighbours outside.
final class AddressClassTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, UNUSABLE",
    "0.255.255.255, UNUSABLE",
    "1.0.0.0, GLOBAL",
    "9.255.255.255, GLOBAL",
    "10.0.0.0, PRIVATE",
    "10.255.255.255, PRIVATE",
    "11.0.0.0, GLOBAL",
    "100.63.255.255, GLOBAL",
    "100.64.0.0, SHARED",
    "100.127.255.255, SHARED",
    "100.128.0.0, GLOBAL",
    "126.255.255.255, GLOBAL",
    "127.0.0.0, LOOPBACK",
    "127.255.255.255, LOOPBACK",
    "128.0.0.0, GLOBAL",
    "169.253.255.255, GLOBAL",
    "169.254.0.0, LINK_LOCAL",
    "169.254.255.255, LINK_LOCAL",
    "169.255.0.0, GLOBAL",
    "172.15.255.255, GLOBAL",
    "172.16.0.0, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, GLOBAL",
    "191.255.255.255, GLOBAL",
    "192.0.0.0, UNUSABLE",
    "192.0.0.255, UNUSABLE",
    "192.0.1.0, GLOBAL",
    "192.0.2.0, UNUSABLE",
    "192.0.2.255, UNUSABLE",
    "192.0.3.0, GLOBAL",
    "192.167.255.255, GLOBAL",
    "192.168.0.0, PRIVATE",
    "192.168.255.255, PRIVATE",
    "192.169.0.0, GLOBAL",
    "198.17.255.255, GLOBAL",
    "198.18.0.0, PRIVATE",
    "198.19.255.255, PRIVATE",
    "198.20.0.0, GLOBAL",
    "198.51.99.255, GLOBAL",
    "198.51.100.0, UNUSABLE",
    "198.51.100.255, UNUSABLE",
    "198.51.101.0, GLOBAL",
    "203.0.112.255, GLOBAL",
    "203.0.113.0, UNUSABLE",
    "203.0.113.255, UNUSABLE",
    "203.0.114.0, GLOBAL",
    "223.255.255.255, GLOBAL",
    "224.0.0.0, UNUSABLE",
    "239.255.255.255, UNUSABLE",
    "240.0.0.0, UNUSABLE",
    "255.255.255.255, UNUSABLE",
  })
  void ofIpv4(String ip, AddressClass expected) {
    assertThat(classOf(ip)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "::, UNUSABLE",
    "::1, LOOPBACK",
    "::2, UNUSABLE",
    "::127.0.0.1, UNUSABLE",
    "::1:0:0:1, UNUSABLE",
    "100::, UNUSABLE",
    "100::ffff:ffff:ffff:ffff, UNUSABLE",
    "100:0:0:1::, UNUSABLE",
    "1fff:ffff::1, UNUSABLE",
    "2000::1, GLOBAL",
    "2001:1::1, UNUSABLE",
    "2001:1:ffff::1, UNUSABLE",
    "2001:2::1, PRIVATE",
    "2001:2:0:ffff::1, PRIVATE",
    "2001:2:1::1, UNUSABLE",
    "2001:10::1, UNUSABLE",
    "2001:2f:ffff::1, UNUSABLE",
    "2001:1ff:ffff::1, UNUSABLE",
    "2001:200::1, GLOBAL",
    "2001:db7:ffff::1, GLOBAL",
    "2001:db8::, UNUSABLE",
    "2001:db8:ffff::1, UNUSABLE",
    "2001:db9::1, GLOBAL",
    "2606:4700::1111, GLOBAL",
    "3ffe:ffff::1, GLOBAL",
    "3fff::, UNUSABLE",
    "3fff:fff:ffff::1, UNUSABLE",
    "3fff:1000::1, GLOBAL",
    "4000::1, UNUSABLE",
    "5f00::1, UNUSABLE",
    "64:ff9b:1::1, PRIVATE",
    "64:ff9b:2::1, UNUSABLE",
    "fbff::1, UNUSABLE",
    "fc00::, PRIVATE",
    "fdff:ffff::1, PRIVATE",
    "fe00::1, UNUSABLE",
    "fe7f::1, UNUSABLE",
    "fe80::, LINK_LOCAL",
    "febf:ffff::1, LINK_LOCAL",
    "fec0::, PRIVATE",
    "feff:ffff::1, PRIVATE",
    "ff00::, UNUSABLE",
    "ff15::efc0:988f, UNUSABLE",
  })
  void ofIpv6(String ip, AddressClass expected) {
    assertThat(classOf(ip)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "::ffff:127.0.0.1, LOOPBACK", "::ffff:10.0.0.1, PRIVATE", "::ffff:8.8.8.8, GLOBAL",
    "2002:7f00:1::, LOOPBACK", "2002:c0a8:101::1, PRIVATE", "2002:808:808::1, GLOBAL",
    "::ffff:0:127.0.0.1, LOOPBACK", "::ffff:0:8.8.8.8, GLOBAL", "2002:e000:1::, UNUSABLE",
    "64:ff9b::127.0.0.1, LOOPBACK", "64:ff9b::10.0.0.1, PRIVATE", "64:ff9b::8.8.8.8, GLOBAL",
  })
  void aWrappedIpv4AddressIsOfItsOwnClass(String ip, AddressClass expected) {
    assertThat(classOf(ip)).isEqualTo(expected);
  }

  /// Server 65.54.227.120 and 0.0.0.0, 127.0.0.1, 10.0.0.1; client 192.0.2.45 as in RFC 4380, then
  /// 8.8.8.8, 127.0.0.1 and 192.168.1.1.
  @ParameterizedTest
  @CsvSource({
    "2001:0:4136:e378:8000:63bf:3fff:fdd2, UNUSABLE",
    "2001:0:4136:e378:8000:63bf:f7f7:f7f7, GLOBAL",
    "2001:0:4136:e378:8000:63bf:80ff:fffe, LOOPBACK",
    "2001:0:4136:e378:8000:63bf:3f57:fefe, PRIVATE",
    "2001:0:0:0:8000:63bf:f7f7:f7f7, UNUSABLE",
    "2001:0:7f00:1:8000:63bf:f7f7:f7f7, LOOPBACK",
    "2001:0:a00:1:8000:63bf:f7f7:f7f7, PRIVATE",
    "2001:0:a00:1:8000:63bf:3f57:fefe, PRIVATE",
    "2001:0:a00:1:8000:63bf:80ff:fffe, UNUSABLE",
  })
  void aTeredoAddressIsOfTheClassOfItsServerAndItsHiddenClient(String ip, AddressClass expected) {
    assertThat(classOf(ip)).isEqualTo(expected);
  }

  /// Who says it, whom it names.
  @ParameterizedTest
  @CsvSource({
    "GLOBAL, GLOBAL, true", "PRIVATE, GLOBAL, true", "GLOBAL, PRIVATE, false",
    "PRIVATE, PRIVATE, true", "SHARED, PRIVATE, false", "PRIVATE, SHARED, false",
    "SHARED, SHARED, true", "LINK_LOCAL, PRIVATE, false", "LINK_LOCAL, LINK_LOCAL, true",
    "PRIVATE, LINK_LOCAL, false", "PRIVATE, LOOPBACK, false", "LOOPBACK, LOOPBACK, true",
    "LOOPBACK, PRIVATE, true", "LOOPBACK, SHARED, true", "LOOPBACK, UNUSABLE, false",
    "UNUSABLE, UNUSABLE, false", "GLOBAL, UNUSABLE, false",
  })
  void aPlaceThatOnlyTheNearCanReachIsKnownFromTheSamePlace(
      AddressClass teller, AddressClass named, boolean known) {
    assertThat(named.isKnownFrom(teller)).isEqualTo(known);
  }

  private static AddressClass classOf(String ip) {
    return AddressClass.of(IpAddress.parse(ip).orElseThrow());
  }
}
