package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import peerage.peers.IpAddress;

/// Which address of ours the extension handshake names beside that of the connection (BEP 10).
final class OwnIpsTest {
  private static final OwnIps OURS = ours("192.168.1.5", "9.9.9.9", "fd00::5", "2a00::5");

  @Test
  void toOneFamilyTheOtherIsNamed() {
    assertThat(OURS.besides(ip("8.8.8.8"))).contains(ip("2a00::5"));
    assertThat(OURS.besides(ip("2a01::1"))).contains(ip("9.9.9.9"));
  }

  @Test
  void whoHasOneFamilyNamesNothing() {
    assertThat(ours("9.9.9.9").besides(ip("8.8.8.8"))).isEmpty();
  }

  @Test
  void anAddressOfAPrivateNetworkIsNamedOnlyInOne() {
    OwnIps home = ours("192.168.1.5", "fd00::5");
    assertThat(home.besides(ip("8.8.8.8"))).isEmpty();
    assertThat(home.besides(ip("192.168.1.6"))).contains(ip("fd00::5"));
  }

  private static OwnIps ours(String... ips) {
    return new OwnIps(Stream.of(ips).map(OwnIpsTest::ip).toList());
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }
}
