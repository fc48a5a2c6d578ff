package peerage.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.testkit.Seeds;

final class PeerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "1.2.3.4:6881, 010203041ae1",
    "255.255.255.255:65535, ffffffffffff",
    "[2001:db8::1]:1, 20010db80000000000000000000000010001",
  })
  void theCompactFormIsTheAddressAndThePort(String text, String hex) {
    PeerAddress address = address(text);
    ByteBuffer out = ByteBuffer.allocate(address.family().compactSize());
    address.writeCompact(out);
    assertThat(HexFormat.of().formatHex(out.array())).isEqualTo(hex);
    assertThat(PeerAddress.readCompact(out.flip(), address.family())).contains(address);
    assertThat(address).hasToString(text);
  }

  @Test
  void aListLeavesOutPort0AndACutOffLastEntry() {
    ByteBuffer bytes = hex("010203040001" + "050607080000" + "090a0b0c0002" + "0d0e0f");
    assertThat(PeerAddress.readCompactList(bytes, Family.V4))
        .containsExactly(address("1.2.3.4:1"), address("9.10.11.12:2"));
    assertThat(bytes.remaining()).isEqualTo(3);
  }

  @Test
  void anIpv4AddressInAnIpv6ListIsOfItsOwnFamily() {
    ByteBuffer bytes = hex("00000000000000000000ffff01020304" + "1ae1");
    assertThat(PeerAddress.readCompact(bytes, Family.V6)).contains(address("1.2.3.4:6881"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":", ":1", "1.2.3.4", "1.2.3.4:", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:123456",
        "1.2.3.4:-1", "1.2.3.4:+1", "1.2.3.4:1 ", "1.2.3.4:١", "::1:80", "[::1]", "[::1]:", "[]:1",
        "[::1:80", "::1]:80", "[1.2.3.4]:80", "[[::1]]:80", "example.org:80", "[fe80::1%1]:80",
      })
  void otherTextIsNoPeerAddress(String text) {
    assertThat(PeerAddress.parse(text)).isEmpty();
  }

  @Test
  void aPortIs1To65535() {
    IpAddress ip = address("1.2.3.4:1").ip();
    assertThatIllegalArgumentException().isThrownBy(() -> new PeerAddress(ip, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new PeerAddress(ip, 65536));
    assertThat(new PeerAddress(ip, 65535).port()).isEqualTo(65535);
  }

  @Test
  void theOrderIsByAddressAndThenByPort() {
    assertThat(address("1.2.3.4:9")).isLessThan(address("1.2.3.4:10"));
    assertThat(address("1.2.3.4:9")).isLessThan(address("1.2.3.5:1"));
  }

  @Seeds(100)
  void listsAndTextGoBothWays(long seed) {
    var random = new SplittableRandom(seed);
    Family family = random.nextBoolean() ? Family.V4 : Family.V6;
    List<PeerAddress> addresses = new ArrayList<>();
    for (int i = random.nextInt(60); i > 0; i--) {
      addresses.add(RandomPeers.address(random, family));
    }
    ByteBuffer bytes = ByteBuffer.allocate(addresses.size() * family.compactSize());
    addresses.forEach(address -> address.writeCompact(bytes));
    assertThat(PeerAddress.readCompactList(bytes.flip(), family)).isEqualTo(addresses);
    assertThat(addresses).allMatch(a -> PeerAddress.parse(a.toString()).orElseThrow().equals(a));
  }

  @Seeds(50)
  void anyBytesAreAListOfAtMostThatManyAddresses(long seed) {
    var random = new SplittableRandom(seed);
    byte[] noise = new byte[random.nextInt(400)];
    random.nextBytes(noise);
    for (Family family : Family.values()) {
      assertThat(PeerAddress.readCompactList(ByteBuffer.wrap(noise), family))
          .hasSizeLessThanOrEqualTo(noise.length / family.compactSize());
    }
  }

  private static PeerAddress address(String text) {
    return PeerAddress.parse(text).orElseThrow();
  }

  private static ByteBuffer hex(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }
}
