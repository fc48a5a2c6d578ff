package peerage.pex;

import java.util.Optional;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// What we know of the peer at the far end of a connection: by it we choose what to tell it.
///
/// @param ip its address, as the connection shows it
/// @param endpoint where it listens, if we know
/// @param otherIp its address in the other family, if it named one (`ipv4` or `ipv6`, BEP 10)
/// @param interest whether it still wants something
public record Remote(
    IpAddress ip, Optional<PeerAddress> endpoint, Optional<IpAddress> otherIp, Interest interest) {

  /// Whether a peer downloads.
  public enum Interest {
    /// It downloads, or we do not know.
    LEECH,
    /// It has everything, or only uploads (BEP 21).
    SEED
  }

  /// A peer of which we know nothing but its address.
  public static Remote at(IpAddress ip) {
    return new Remote(ip, Optional.empty(), Optional.empty(), Interest.LEECH);
  }

  /// The same peer, once we know where it listens.
  public Remote listeningAt(PeerAddress where) {
    return new Remote(ip, Optional.of(where), otherIp, interest);
  }

  /// The same peer, once we know its address in the other family.
  ///
  /// @param other ignored if it is of the family of the connection
  public Remote alsoAt(IpAddress other) {
    return other.family() == ip.family()
        ? this
        : new Remote(ip, endpoint, Optional.of(other), interest);
  }

  /// The same peer with another interest.
  public Remote with(Interest now) {
    return new Remote(ip, endpoint, otherIp, now);
  }

  /// From where it would dial a contact of this family, as far as we know.
  Optional<PeerAddress> source(Family family) {
    int port = endpoint.map(PeerAddress::port).orElse(1);
    return ip.family() == family
        ? Optional.of(new PeerAddress(ip, port))
        : otherIp.map(other -> new PeerAddress(other, port));
  }

  /// The receiver itself is never named to it. As long as we do not know where it listens, nobody
  /// at its address is.
  boolean isAt(PeerAddress contact) {
    boolean here =
        endpoint.map(contact::equals).orElseGet(() -> contact.ip().equals(ip))
            || (endpoint.isPresent()
                && otherIp.filter(contact.ip()::equals).isPresent()
                && contact.port() == endpoint.get().port());
    return here;
  }
}
