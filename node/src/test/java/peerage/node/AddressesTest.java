package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import peerage.peers.IpAddress;

final class AddressesTest {
  /// Every machine has 127.0.0.1/8.
  @Test
  void theLastAddressOfANetworkOfOursIsNobodys() {
    assertThat(Addresses.broadcasts()).contains(IpAddress.parse("127.255.255.255").orElseThrow());
  }

  @Test
  void ourAddressesAreThoseThatOthersCouldReach() {
    assertThat(Addresses.ofThisMachine()).noneMatch(IpAddress::isLoopback);
  }
}
