package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peerage.peers.IpAddress;
import peerage.testkit.Seeds;

/// BEP 42.
final class SecureIdTest {
  @ParameterizedTest
  @CsvSource({
    "124.31.75.21, 5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401",
    "21.75.31.124, 5a3ce9c14e7a08645677bbd1cfe7d8f956d53256",
    "65.23.51.170, a5d43220bc8f112a3d426c84764f8c2a1150e616",
    "84.124.73.14, 1b0321dd1bb1fe518101ceef99462b947a01ff41",
    "43.213.53.83, e56f6cbf5b7c4be0237986d5243b87aa6d51305a",
  })
  void theVectorsOfBep42AreValidAndNoLongerWithOneBitTurned(String address, String hex) {
    IpAddress ip = ip(address);
    NodeId id = NodeId.parse(hex);
    assertThat(id.isValidFor(ip)).isTrue();
    assertThat(id.flipped(0).isValidFor(ip)).isFalse();
    assertThat(id.flipped(20).isValidFor(ip)).isFalse();
    assertThat(id.flipped(21).isValidFor(ip)).isTrue(); // "the lower 3 bits are random"
    assertThat(id.flipped(159).isValidFor(ip)).isFalse();
    assertThat(id.isValidFor(ip("124.32.75.21"))).isFalse();
  }

  @Seeds(50)
  void whatWeMakeForAnAddressIsValidForIt(long seed) {
    var random = new SplittableRandom(seed);
    IpAddress v4 = IpAddress.ofV4(0x50000000 | random.nextInt(1 << 24));
    IpAddress v6 = ip("2a01:" + Integer.toHexString(random.nextInt(1 << 16)) + "::1");
    assertThat(NodeId.forIp(v4, random).isValidFor(v4)).isTrue();
    assertThat(NodeId.forIp(v6, random).isValidFor(v6)).isTrue();
    assertThat(NodeId.forIp(v6, random)).isNotEqualTo(NodeId.forIp(v6, random));
  }

  @Test
  void atAHomeOrOnOneMachineAnyIdIsValid() {
    NodeId any = NodeId.parse("00".repeat(20));
    for (String local : new String[] {"10.1.2.3", "192.168.0.9", "127.0.0.5", "fe80::1", "::1"}) {
      assertThat(any.isValidFor(ip(local))).as(local).isTrue();
    }
    assertThat(any.isValidFor(ip("8.8.8.8"))).isFalse();
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }
}
