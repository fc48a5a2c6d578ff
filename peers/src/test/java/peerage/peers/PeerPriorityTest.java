package peerage.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import peerage.testkit.Seeds;

final class PeerPriorityTest {
  @Test
  void theVectorsOfBep40() {
    assertThat(priority("123.213.32.10:1", "98.76.54.32:2")).isEqualTo(0xEC2D7224L);
    assertThat(priority("123.213.32.10:1", "123.213.32.234:2")).isEqualTo(0x99568189L);
  }

  @Test
  void ipv4InTheSame16KeepsThreeBytes() {
    // 0x20 & 0xFF = 0x20 and 0x21 stay, 0x0A & 0x55 = 0x00, 0xEA & 0x55 = 0x40
    assertThat(priority("123.213.32.10:1", "123.213.33.234:2"))
        .isEqualTo(crc32c("7bd52000" + "7bd52140"));
  }

  @Test
  void theSameAddressIsRankedByPorts() {
    assertThat(priority("1.2.3.4:6881", "1.2.3.4:51413")).isEqualTo(crc32c("1ae1" + "c8d5"));
    assertThat(priority("[2001::1]:80", "[2001::1]:80")).isEqualTo(crc32c("0050" + "0050"));
  }

  @Test
  void ipv6OfOther48sKeepsSixBytes() {
    assertThat(priority("[2001:db8:aaaa:ffff::ffff]:1", "[2001:db8:bbbb:ffff::ffff]:2"))
        .isEqualTo(crc32c("20010db8aaaa55550000000000005555" + "20010db8bbbb55550000000000005555"));
  }

  @Test
  void ipv6OfOther40sKeepsSixBytesToo() {
    assertThat(priority("[2001:db8:aaaa:ffff::ffff]:1", "[2001:1db8:aaaa:ffff::ffff]:2"))
        .isEqualTo(crc32c("20010db8aaaa55550000000000005555" + "20011db8aaaa55550000000000005555"));
  }

  @Test
  void ipv6InTheSame48KeepsSevenBytes() {
    assertThat(priority("[2001:db8:aaaa:11ff::ffff]:1", "[2001:db8:aaaa:22ff::ffff]:2"))
        .isEqualTo(crc32c("20010db8aaaa11550000000000005555" + "20010db8aaaa22550000000000005555"));
  }

  @Test
  void ipv6InTheSame56KeepsEightBytes() {
    assertThat(priority("[2001:db8:aaaa:11ff:ff00::ff]:1", "[2001:db8:aaaa:11fe:ff00::ff]:2"))
        .isEqualTo(crc32c("20010db8aaaa11fe5500000000000055" + "20010db8aaaa11ff5500000000000055"));
  }

  @Test
  void ipv6DifferingInTheLastByteIsNotMasked() {
    assertThat(priority("[2001:db8::ff:fe]:1", "[2001:db8::ff:ff]:2"))
        .isEqualTo(crc32c("20010db8000000000000000000ff00fe" + "20010db8000000000000000000ff00ff"));
  }

  @Test
  void twoFamiliesHaveNoPriority() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> priority("1.2.3.4:1", "[2001::1]:1"))
        .withMessageContaining("one family");
  }

  @Seeds(50)
  void bothEndsComputeTheSame(long seed) {
    var random = new SplittableRandom(seed);
    PeerAddress a = RandomPeers.address(random, Family.V6);
    PeerAddress b = RandomPeers.address(random, Family.V6);
    assertThat(PeerPriority.of(a, b)).isEqualTo(PeerPriority.of(b, a)).isBetween(0L, 0xFFFFFFFFL);
  }

  private static long priority(String a, String b) {
    return PeerPriority.of(PeerAddress.parse(a).orElseThrow(), PeerAddress.parse(b).orElseThrow());
  }

  private static long crc32c(String hex) {
    var crc = new CRC32C();
    crc.update(HexFormat.of().parseHex(hex));
    return crc.getValue();
  }
}
