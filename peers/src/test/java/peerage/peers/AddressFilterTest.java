package peerage.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressFilterTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3/8, 10.9.9.9, true",
    "8.8.8.8, 8.8.8.8, true",
    "8.8.8.8, 8.8.8.9, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, 2a00::1, false",
    "2a00::/16, 2a00:1::5, true",
    "2a00::/16, 2a01::5, false",
    "::/0, 2a01::5, true"
  })
  void aSubnetHoldsWhatBeginsAlike(String subnet, String ip, boolean contained) {
    assertThat(Subnet.parse(subnet).orElseThrow().contains(ip(ip))).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10/8", "x", "1.2.3.4/-1"})
  void whatIsNoSubnetIsNone(String text) {
    assertThat(Subnet.parse(text)).isEmpty();
  }

  @Test
  void aPrefixHasNoOtherBits() {
    assertThatThrownBy(() -> new Subnet(ip("10.0.0.1"), 8))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSubnetReadsAsItIsWritten() {
    assertThat(Subnet.parse("10.7.0.0/16").orElseThrow()).hasToString("10.7.0.0/16");
  }

  @Test
  void aFilterAllowsAllButSome() {
    var filter =
        new AddressFilter(
            List.of(Subnet.parse("10.0.0.0/8").orElseThrow(), Subnet.parse("::/0").orElseThrow()));

    assertThat(filter.test(ip("8.8.8.8"))).isTrue();
    assertThat(filter.test(ip("10.8.8.8"))).isFalse();
    assertThat(filter.test(ip("2a00::1"))).isFalse();
    assertThat(AddressFilter.ALL.test(ip("10.8.8.8"))).isTrue();
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }
}
