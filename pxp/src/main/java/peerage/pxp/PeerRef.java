package peerage.pxp;

/// One peer of an exchange, from joining to leaving. Never used twice.
///
/// @param number unique in the exchange, from 1
public record PeerRef(int number) implements Comparable<PeerRef> {
  @Override
  public int compareTo(PeerRef other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return "peer " + number;
  }
}
