package peerage.pex;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// Peer exchange on one connection, both ways (BEP 11): decides what to tell and when, and reads
/// what is told within limits. A machine: no clock, no socket; owned by one loop, not thread-safe.
///
/// Telling: a message is `live − told` and `told − live`, so a contact that came and went between
/// two messages is never mentioned, nothing is said twice, and a drop names exactly what was added.
public final class PexSession {
  /// BEP 11: "no more than once a minute".
  public static final Duration SPACING = Duration.ofSeconds(60);

  /// What we keep above the minute at least. WebTorrent closes at 59.999 s, and a receiver's clock
  /// starts when it reads: a first message that waited in a queue or was sent twice shortens its
  /// minute.
  public static final Duration MARGIN = Duration.ofSeconds(5);

  /// The spread above that, so that the sessions of a swarm do not all send at once.
  public static final Duration JITTER = Duration.ofSeconds(10);

  /// BEP 11: at most 50 added and 50 dropped contacts a message, both families together. Its first
  /// message is exempt; ours is not, because receivers keep 50 (libtorrent, Transmission).
  public static final int MAX_CONTACTS = 50;

  /// How many live contacts of a family a remote is told of. libtorrent keeps as many of a teller
  /// and ignores the rest for ever; and what is told must be remembered, for each connection.
  public static final int MAX_TOLD = 50;

  /// Messages a minute that are still read. libtorrent allows six, and says why: a stalled
  /// connection delivers several at once.
  public static final int MAX_PER_MINUTE = 6;

  /// Messages a minute that end the connection; five times what is read. Between the two they are
  /// ignored and counted (guess: no client that was seen comes near).
  public static final int FLOOD_PER_MINUTE = 30;

  /// How many contacts of the remote we remember as live there; libtorrent keeps 50 a family,
  /// µTorrent 200.
  public static final int MAX_HELD = 400;

  /// What happened.
  public sealed interface Input {
    /// An extension handshake came. BEP 10: `m` is additive, so a repeated one without `ut_pex`
    /// changes nothing.
    ///
    /// @param id the number of `ut_pex` in its `m`: 0 for off, empty if it has none
    record Offered(OptionalInt id) implements Input {}

    /// We know now where the remote itself listens.
    record Located(PeerAddress endpoint) implements Input {}

    /// A contact came to or left the [LiveContacts].
    record LiveChanged() implements Input {}

    /// The last message has left for the network.
    record Flushed() implements Input {}

    /// A message came.
    ///
    /// @param payload ours to keep, not to change
    @SuppressWarnings("ArrayRecordComponent") // decoded in place, not copied, and never compared
    record Received(byte[] payload) implements Input {}

    /// Time has passed.
    record Tick() implements Input {}
  }

  /// What to do, or what was learned.
  public sealed interface Output {
    /// Send this message, and say [Input.Flushed] when it has left.
    ///
    /// @param id the extension's number at the remote
    record Send(int id, PexMessage message) implements Output {}

    /// The remote tells us this.
    record Heard(PexMessage message) implements Output {}

    /// The remote did something that BEP 11 does not foresee; counted, not punished.
    record Odd(PexOddity oddity) implements Output {}

    /// A message came too soon after others and was ignored.
    record TooOften() implements Output {}

    /// The remote broke the rules so that the connection should end.
    record Close(String reason) implements Output {}
  }

  private final LiveContacts live;
  private final IpAddress remoteIp;
  private final RandomGenerator random;
  private final LinkedHashSet<PeerAddress> told = new LinkedHashSet<>();
  private final LinkedHashSet<PeerAddress> toldBefore = new LinkedHashSet<>();
  private final LinkedHashSet<PeerAddress> held = new LinkedHashSet<>();
  private final ArrayDeque<Instant> arrivals = new ArrayDeque<>();
  private @Nullable PeerAddress endpoint;
  private int remoteId;
  private boolean inFlight;
  private long seenVersion = -1;
  private @Nullable Instant notBefore;

  /// @param live whom we are connected to; the swarm changes it and says [Input.LiveChanged]
  /// @param remoteIp the address of the remote, as the connection shows it
  /// @param random for the jitter; split off for this session alone
  public PexSession(LiveContacts live, IpAddress remoteIp, RandomGenerator random) {
    this.live = live;
    this.remoteIp = remoteIp;
    this.random = random;
  }

  /// Takes one input.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    return switch (input) {
      case Input.Offered(OptionalInt id) -> onOffered(id, now);
      case Input.Located(PeerAddress where) -> onLocated(where, now);
      case Input.LiveChanged() -> tell(now);
      case Input.Flushed() -> onFlushed(now);
      case Input.Received(byte[] payload) -> onReceived(payload, now);
      case Input.Tick() -> tell(now);
    };
  }

  /// When to say [Input.Tick]; empty while there is nothing to tell or nobody listens.
  public Optional<Instant> nextDeadline() {
    boolean somethingNew = seenVersion != live.version();
    return remoteId != 0 && !inFlight && somethingNew
        ? Optional.ofNullable(notBefore)
        : Optional.empty();
  }

  /// Whether the remote currently takes PEX.
  public boolean isOn() {
    return remoteId != 0;
  }

  /// Whether the remote says that it is connected to this contact: named, and not dropped since.
  public boolean holds(PeerAddress contact) {
    return held.contains(contact);
  }

  private List<Output> onOffered(OptionalInt id, Instant now) {
    if (id.isEmpty()) {
      return List.of();
    }
    boolean wasOff = remoteId == 0;
    remoteId = id.getAsInt();
    if (wasOff) {
      // Who switched PEX off may have forgotten all or nothing: what comes next is a full message,
      // and the drops that were missed meanwhile.
      toldBefore.addAll(told);
      seenVersion = -1;
    }
    return tell(now);
  }

  private List<Output> onLocated(PeerAddress where, Instant now) {
    endpoint = where;
    seenVersion = -1; // others at its address may be named now, though none came or left
    return tell(now);
  }

  /// BEP 11 counts messages as the receiver sees them: from the moment that the previous one left.
  private List<Output> onFlushed(Instant now) {
    inFlight = false;
    notBefore = now.plus(SPACING).plus(MARGIN).plusNanos(random.nextLong(JITTER.toNanos()));
    return List.of();
  }

  private List<Output> tell(Instant now) {
    boolean mayTell = remoteId != 0 && !inFlight && (notBefore == null || !now.isBefore(notBefore));
    if (!mayTell || seenVersion == live.version()) {
      return List.of();
    }
    PexMessage message = difference();
    if (message.isEmpty()) {
      seenVersion = live.version();
      return List.of();
    }
    told.addAll(message.added().keySet());
    told.removeAll(message.dropped());
    toldBefore.removeAll(message.added().keySet());
    toldBefore.removeAll(message.dropped());
    inFlight = true;
    return List.of(new Output.Send(remoteId, message));
  }

  private PexMessage difference() {
    var dropped = new LinkedHashSet<PeerAddress>();
    for (PeerAddress contact : told) {
      if (dropped.size() < MAX_CONTACTS && !(live.contains(contact) && isForRemote(contact))) {
        dropped.add(contact);
      }
    }
    var room = new EnumMap<Family, Integer>(Family.class);
    for (Family family : Family.values()) {
      room.put(family, MAX_TOLD - toldAndKept(family, dropped));
    }
    var added = new LinkedHashMap<PeerAddress, PeerFlags>();
    live.view()
        .forEach(
            (contact, flags) -> {
              if (added.size() < MAX_CONTACTS && isOwed(contact) && isForRemote(contact)) {
                addIfRoom(contact, flags, added, room);
              }
            });
    return new PexMessage(added, dropped);
  }

  private int toldAndKept(Family family, Set<PeerAddress> dropped) {
    int count = 0;
    for (PeerAddress contact : told) {
      count += contact.family() == family && !dropped.contains(contact) ? 1 : 0;
    }
    return count;
  }

  /// What is told again, to a remote that switched PEX off and on, takes no new room.
  private void addIfRoom(
      PeerAddress contact,
      PeerFlags flags,
      Map<PeerAddress, PeerFlags> added,
      EnumMap<Family, Integer> room) {
    boolean again = told.contains(contact);
    int left = room.getOrDefault(contact.family(), 0);
    if (again || left > 0) {
      added.put(contact, flags);
      room.put(contact.family(), again ? left : left - 1);
    }
  }

  private boolean isOwed(PeerAddress contact) {
    return !told.contains(contact) || toldBefore.contains(contact);
  }

  private boolean isForRemote(PeerAddress contact) {
    return !isRemote(contact) && isWithinReach(contact);
  }

  /// The receiver itself is never named to it. As long as we do not know where it listens, nobody
  /// at its address is.
  private boolean isRemote(PeerAddress contact) {
    return endpoint != null ? contact.equals(endpoint) : contact.ip().equals(remoteIp);
  }

  /// Who lives in a private network is named only there: elsewhere the address leads to another
  /// host, or tells strangers about our network.
  private boolean isWithinReach(PeerAddress contact) {
    return AddressClass.of(contact.ip()).isKnownFrom(AddressClass.of(remoteIp));
  }

  private List<Output> onReceived(byte[] payload, Instant now) {
    while (!arrivals.isEmpty() && !arrivals.getFirst().isAfter(now.minus(SPACING))) {
      arrivals.removeFirst();
    }
    if (arrivals.size() <= FLOOD_PER_MINUTE) { // more need not be known
      arrivals.addLast(now);
    }
    if (arrivals.size() > FLOOD_PER_MINUTE) {
      return List.of(new Output.Close("sent " + arrivals.size() + " PEX messages in a minute"));
    }
    if (arrivals.size() > MAX_PER_MINUTE) {
      return List.of(new Output.TooOften());
    }
    try {
      return read(UtPex.decode(payload));
    } catch (MalformedMessage e) {
      return List.of(new Output.Close("sent a malformed PEX message: " + e.getMessage()));
    }
  }

  private List<Output> read(UtPex.Decoded decoded) {
    var outputs = new ArrayList<Output>();
    decoded.oddities().forEach(oddity -> outputs.add(new Output.Odd(oddity)));
    PexMessage message = decoded.message();
    held.removeAll(message.dropped());
    for (PeerAddress contact : message.added().keySet()) {
      if (held.size() < MAX_HELD) {
        held.add(contact);
      }
    }
    if (!message.isEmpty()) {
      outputs.add(new Output.Heard(message));
    }
    return outputs;
  }
}
