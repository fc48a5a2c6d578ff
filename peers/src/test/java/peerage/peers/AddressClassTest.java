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
    "100.64.0.0, PRIVATE",
    "100.127.255.255, PRIVATE",
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
    "::1:0:0:1, GLOBAL",
    "100::, UNUSABLE",
    "100::ffff:ffff:ffff:ffff, UNUSABLE",
    "100:0:0:1::, GLOBAL",
    "2001:db7:ffff::1, GLOBAL",
    "2001:db8::, UNUSABLE",
    "2001:db8:ffff::1, UNUSABLE",
    "2001:db9::1, GLOBAL",
    "2606:4700::1111, GLOBAL",
    "3ffe:ffff::1, GLOBAL",
    "3fff::, UNUSABLE",
    "3fff:fff:ffff::1, UNUSABLE",
    "3fff:1000::1, GLOBAL",
    "fbff::1, GLOBAL",
    "fc00::, PRIVATE",
    "fdff:ffff::1, PRIVATE",
    "fe00::1, GLOBAL",
    "fe7f::1, GLOBAL",
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
    "64:ff9b::127.0.0.1, LOOPBACK", "64:ff9b::10.0.0.1, PRIVATE", "64:ff9b::8.8.8.8, GLOBAL",
  })
  void aWrappedIpv4AddressIsOfItsOwnClass(String ip, AddressClass expected) {
    assertThat(classOf(ip)).isEqualTo(expected);
  }

  private static AddressClass classOf(String ip) {
    return AddressClass.of(IpAddress.parse(ip).orElseThrow());
  }
}
