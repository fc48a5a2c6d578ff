package peerage.peers;

/// One connection to a peer, as the machines of a swarm name it. The driver numbers its connections
/// and never uses a number twice, so that a late event about a closed one cannot hit another.
///
/// @param number unique in the swarm, from 1
public record Link(int number) implements Comparable<Link> {
  @Override
  public int compareTo(Link other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return "#" + number;
  }
}
