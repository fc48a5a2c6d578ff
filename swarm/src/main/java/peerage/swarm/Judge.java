package peerage.swarm;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import peerage.peers.AddressClass;
import peerage.peers.IpAddress;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// Whether a stranger's word is enough to make an address a candidate.
final class Judge {
  /// How many of our own endpoints, and how many banned addresses, are remembered (guess).
  private static final int MAX_OWN = 16;

  private static final int MAX_BANNED = 1_000;

  /// Unproven candidates of one IP address: a host may run two or three clients; fifty ports of one
  /// host are a port scan by proxy.
  private static final int MAX_PORTS_PER_IP = 3;

  private final Privacy privacy;
  private final LinkedHashSet<PeerAddress> own = new LinkedHashSet<>();
  private final LinkedHashSet<IpAddress> banned = new LinkedHashSet<>();
  private final LinkedHashSet<PeerAddress> bannedOnLoopback = new LinkedHashSet<>();

  Judge(Privacy privacy) {
    this.privacy = privacy;
  }

  void rememberOwn(PeerAddress address) {
    bounded(own, address, MAX_OWN);
  }

  /// Bans the whole address: a port is changed in a moment. On the loopback network, where all
  /// have one address, the endpoint alone.
  void ban(PeerAddress peer) {
    if (peer.ip().isLoopback()) {
      bounded(bannedOnLoopback, peer, MAX_BANNED);
    } else {
      bounded(banned, peer.ip(), MAX_BANNED);
    }
  }

  boolean isBanned(PeerAddress address) {
    return banned.contains(address.ip()) || bannedOnLoopback.contains(address);
  }

  private static <T> void bounded(SequencedSet<T> set, T element, int max) {
    set.add(element);
    if (set.size() > max) {
      set.removeFirst();
    }
  }

  /// Why the address is refused; empty if it is taken.
  ///
  /// @param source where the teller itself is; empty if unknown
  Optional<String> refusal(
      PeerAddress address, Origin origin, Optional<IpAddress> source, CandidateBook book) {
    if (own.contains(address)) {
      return Optional.of("our own address");
    }
    if (isBanned(address)) {
      return Optional.of("banned");
    }
    if (origin instanceof Origin.Given) {
      return Optional.empty();
    }
    if (origin instanceof Origin.Incoming) { // its address is proved, only its port is a claim
      return Optional.ofNullable(portsRefusal(address, book));
    }
    if (origin instanceof Origin.Pex && privacy == Privacy.PRIVATE) {
      return Optional.of("the torrent is private");
    }
    return Optional.ofNullable(placeRefusal(address, source))
        .or(
            () ->
                origin instanceof Origin.Pex
                    ? Optional.ofNullable(portsRefusal(address, book))
                    : Optional.empty());
  }

  /// A place that only the near can reach is believed only from the near.
  private static @Nullable String placeRefusal(PeerAddress address, Optional<IpAddress> source) {
    AddressClass there = AddressClass.of(address.ip());
    if (there.isKnownFrom(source.map(AddressClass::of).orElse(AddressClass.GLOBAL))) {
      return null;
    }
    return switch (there) {
      case LOOPBACK -> "a loopback address from elsewhere";
      case PRIVATE -> "a private address from elsewhere";
      case SHARED -> "a carrier's private address from elsewhere";
      case LINK_LOCAL -> "a link-local address from elsewhere";
      case UNUSABLE, GLOBAL -> "no peer's address";
    };
  }

  private static @Nullable String portsRefusal(PeerAddress address, CandidateBook book) {
    if (address.ip().isLoopback() || book.get(address).isPresent()) {
      return null;
    }
    long ports =
        book.all().stream()
            .filter(c -> c.address().ip().equals(address.ip()))
            .filter(c -> c.isHearsayOnly() || c.isClaimOnly())
            .limit(MAX_PORTS_PER_IP)
            .count();
    return ports >= MAX_PORTS_PER_IP ? "too many ports of one address" : null;
  }
}
