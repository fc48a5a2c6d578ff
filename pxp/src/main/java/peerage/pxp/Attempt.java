package peerage.pxp;

/// One try of the exchange to get a connection, by dialling or by an upgrade. Never used twice.
///
/// @param number unique in the exchange, from 1
public record Attempt(int number) implements Comparable<Attempt> {
  @Override
  public int compareTo(Attempt other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return "attempt " + number;
  }
}
