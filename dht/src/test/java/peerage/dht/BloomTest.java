package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.peers.IpAddress;

final class BloomTest {
  /// Of BEP 33.
  private static final byte[] VECTOR =
      HexFormat.of()
          .parseHex(
              "F6C3F5EAA07FFD91BDE89F777F26FB2BFF37BDB8FB2BBAA2FD3DDDE7BACFFF75EE7CCBAE"
                  + "FE5EEDB1FBFAFF67F6ABFF5E43DDBCA3FD9B9FFDF4FFD3E9DFF12D1BDF59DB53DBE9FA5B"
                  + "7FF3B8FDFCDE1AFB8BEDD7BE2F3EE71EBBBFE93BCDEEFE148246C2BC5DBFF7E7EFDCF24F"
                  + "D8DC7ADFFD8FFFDFDDFFF7A4BBEEDF5CB95CE81FC7FCFF1FF4FFFFDFE5F7FDCBB7FD79B3"
                  + "FA1FC77BFE07FFF905B7B7FFC7FEFEFFE0B8370BB0CD3F5B7F2BD93FEB4386CFDD6F7FD5"
                  + "BFAF2E9EBFFFFEECD67ADBF7C67F17EFD5D75EBA6FFEBA7FFF47A91EB1BFBB53E8ABFB57"
                  + "62ABE8FF237279BFEFBFEEF5FFC5FEBFDFE5ADFFADFEE1FB737FFFFBFD9F6AEFFEEE76B6"
                  + "FD8F72EF");

  private static List<IpAddress> addressesOfTheVector() {
    List<IpAddress> addresses = new ArrayList<>();
    for (int i = 0; i <= 255; i++) {
      addresses.add(IpAddress.ofV4(0xC0000200 | i));
    }
    for (int i = 0; i <= 0x3E7; i++) {
      addresses.add(IpAddress.parse("2001:db8::" + Integer.toHexString(i)).orElseThrow());
    }
    return addresses;
  }

  @Test
  void theVectorOfBep33IsReached() {
    Bloom bloom = Bloom.of(addressesOfTheVector());
    assertThat(bloom.bytes()).isEqualTo(VECTOR);
    assertThat(bloom.estimate()).isEqualTo(1224.9308, within(0.0001));
  }

  @Test
  void unitedFiltersCountNobodyTwice() {
    List<IpAddress> all = addressesOfTheVector();
    Bloom united = Bloom.of(all.subList(0, 800)).union(Bloom.of(all.subList(300, 1256)));
    assertThat(united).isEqualTo(Bloom.of(VECTOR));
  }

  @Test
  void nobodyIsNobodyAndAFullFilterIsBounded() {
    assertThat(Bloom.EMPTY.estimate()).isZero();
    byte[] full = new byte[Bloom.SIZE];
    java.util.Arrays.fill(full, (byte) 0xFF);
    assertThat(Bloom.of(full).estimate()).isBetween(7_000.0, 8_000.0);
  }
}
