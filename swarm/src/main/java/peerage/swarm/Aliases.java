package peerage.swarm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.peers.PeerAddress;

/// The second addresses of candidates: a peer that has an address in each family is one candidate,
/// and is dialled once. What others say of its *alias* is kept aside, for the alias becomes a
/// candidate of its own again when the first address fails it.
final class Aliases {
  /// The second address of a candidate.
  static final class Alias {
    private final PeerAddress address;
    private final Candidate of;
    private final Evidence evidence;
    private @Nullable Candidate aside;

    private Alias(PeerAddress address, Candidate of, Evidence evidence, @Nullable Candidate aside) {
      this.address = address;
      this.of = of;
      this.evidence = evidence;
      this.aside = aside;
    }

    PeerAddress address() {
      return address;
    }

    /// Whose it is.
    Candidate of() {
      return of;
    }

    /// Whether it is more than that peer's own claim.
    boolean isProven() {
      return evidence == Evidence.VERIFIED;
    }

    /// What was heard of it by itself, if anything was.
    Optional<Candidate> aside() {
      return Optional.ofNullable(aside);
    }

    /// What is heard of it from now on is heard of this.
    Candidate keepAside(Candidate candidate) {
      aside = candidate;
      return candidate;
    }
  }

  private final LinkedHashMap<PeerAddress, Alias> byAddress = new LinkedHashMap<>();
  private final LinkedHashMap<PeerAddress, Alias> byOwner = new LinkedHashMap<>();

  /// @param aside the candidate that stood at that address, if one did
  void put(PeerAddress alias, Candidate of, Evidence evidence, @Nullable Candidate aside) {
    var added = new Alias(alias, of, evidence, aside);
    byAddress.put(alias, added);
    byOwner.put(of.address(), added);
  }

  void remove(Alias alias) {
    byAddress.remove(alias.address());
    byOwner.remove(alias.of().address());
  }

  /// Who has this as its second address.
  Optional<Alias> at(PeerAddress address) {
    return Optional.ofNullable(byAddress.get(address));
  }

  /// The second address of a candidate.
  Optional<Alias> of(PeerAddress candidate) {
    return Optional.ofNullable(byOwner.get(candidate));
  }

  /// A copy.
  List<Alias> all() {
    return List.copyOf(byAddress.values());
  }
}
