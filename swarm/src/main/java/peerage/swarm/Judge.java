package peerage.swarm;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

  /// Below this a port is a system service's (RFC 6335).
  private static final int FIRST_ORDINARY_PORT = 1024;

  private static final String PRIVATE_TORRENT = "the torrent is private";

  private final Refusals refusals = new Refusals();
  private final Supplier<Privacy> privacy;
  private Predicate<IpAddress> mayConnect = _ -> true;
  private final LinkedHashSet<PeerAddress> own = new LinkedHashSet<>();
  private final LinkedHashSet<IpAddress> banned = new LinkedHashSet<>();
  private final LinkedHashSet<PeerAddress> bannedOnLoopback = new LinkedHashSet<>();

  Judge(Supplier<Privacy> privacy) {
    this.privacy = privacy;
  }

  /// With which addresses we want connections, from now on.
  void connect(Predicate<IpAddress> filter) {
    mayConnect = filter;
  }

  boolean isFiltered(PeerAddress address) {
    return !mayConnect.test(address.ip());
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
    if (isFiltered(address)) {
      return Optional.of("its address is filtered");
    }
    return Optional.ofNullable(
        switch (origin) {
          case Origin.Given _ -> null;
          case Origin.Tracker _ -> placeRefusal(address, source);
          case Origin.Incoming _ -> portsRefusal(address, book); // its address is proved
          case Origin.Pex(PeerAddress teller, var _) ->
              hearsayRefusal(address, teller, source, book);
          case Origin.Dht(PeerAddress node) -> hearsayRefusal(address, node, source, book);
          case Origin.Memory _, Origin.Lan _ ->
              privacy.get().allowsExchange() ? placeRefusal(address, source) : PRIVATE_TORRENT;
          case Origin.Magnet _ -> magnetRefusal(address);
        });
  }

  private @Nullable String hearsayRefusal(
      PeerAddress address, PeerAddress teller, Optional<IpAddress> source, CandidateBook book) {
    if (!privacy.get().allowsExchange()) {
      return PRIVATE_TORRENT;
    }
    String place = placeRefusal(address, source);
    if (place != null || book.get(address).isPresent()) {
      return place;
    }
    String ports = portsRefusal(address, book);
    return ports != null ? ports : privilegedRefusal(address, teller);
  }

  /// A magnet is often made for the network that its reader is in, so any place will do; but its
  /// author may be anybody, and is not let point us at services.
  private @Nullable String magnetRefusal(PeerAddress address) {
    if (!privacy.get().allowsExchange()) {
      return PRIVATE_TORRENT;
    }
    if (AddressClass.of(address.ip()) == AddressClass.UNUSABLE) {
      return "no peer's address";
    }
    return address.port() < FIRST_ORDINARY_PORT ? "a privileged port in a magnet link" : null;
  }

  /// Web and mail servers are the victims that real clients were turned on. A peer on such a port
  /// is believed in when a tracker, the peer itself, or tellers of two networks name it.
  private @Nullable String privilegedRefusal(PeerAddress address, PeerAddress teller) {
    if (address.port() >= FIRST_ORDINARY_PORT) {
      return null;
    }
    Network group = Network.group(teller);
    boolean confirmed =
        refusals.hearings(address).stream()
            .map(Candidate.Hearing::origin)
            .flatMap(origin -> Candidate.stranger(origin).stream())
            .anyMatch(other -> !Network.group(other).equals(group));
    return confirmed ? null : "a privileged port that one teller alone names";
  }

  void refused(PeerAddress address, Origin origin, String reason, Instant now) {
    refusals.add(address, origin, reason, now);
  }

  /// What was refused lately.
  Refusals refusals() {
    return refusals;
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
    boolean known = address.ip().isLoopback() || book.get(address).isPresent();
    return !known && book.unprovenOf(address) >= MAX_PORTS_PER_IP
        ? "too many ports of one address"
        : null;
  }
}
