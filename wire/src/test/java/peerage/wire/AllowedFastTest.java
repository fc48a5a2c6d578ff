package peerage.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;

final class AllowedFastTest {
  private static final InfoHash HASH = InfoHash.parse("aa".repeat(20));

  @Test
  void theVectorOfBep6() {
    assertThat(set("80.4.4.200", 1313, 7)).containsExactly(1059, 431, 808, 1217, 287, 376, 1188);
    assertThat(set("80.4.4.200", 1313, 9))
        .containsExactly(1059, 431, 808, 1217, 287, 376, 1188, 353, 508);
  }

  @Test
  void peersOfOne24HaveOneSet() {
    assertThat(set("80.4.4.1", 1313, 10)).isEqualTo(set("80.4.4.255", 1313, 10));
    assertThat(set("80.4.5.1", 1313, 10)).isNotEqualTo(set("80.4.4.1", 1313, 10));
  }

  @Test
  void aTorrentOfFewPiecesAllowsThemAll() {
    assertThat(set("80.4.4.200", 3, 10)).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(set("80.4.4.200", 1, 10)).containsExactly(0);
    assertThat(set("80.4.4.200", 1313, 0)).isEmpty();
  }

  @Test
  void bep6SaysNothingOfIpv6() {
    assertThat(set("2001:db8::1", 1313, 10)).isEmpty();
    assertThat(set("::ffff:80.4.4.200", 1313, 1)).containsExactly(1059);
  }

  @Test
  void thereIsNoSetOfNoPieces() {
    assertThatIllegalArgumentException().isThrownBy(() -> set("80.4.4.200", 0, 10));
    assertThatIllegalArgumentException().isThrownBy(() -> set("80.4.4.200", 10, -1));
  }

  private static List<Integer> set(String ip, int pieces, int size) {
    return AllowedFast.set(HASH, IpAddress.parse(ip).orElseThrow(), pieces, size);
  }
}
