package peerage.pex;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.peers.PeerAddress;

/// Peer exchange on one connection, both ways (BEP 11): decides what to tell and when, and reads
/// what is told within limits. A machine: no clock, no socket; owned by one loop, not thread-safe.
///
/// It owns the time between messages. What a message says is decided in `Telling`, what is made of
/// the remote's in `Listening`.
public final class PexSession {
  /// BEP 11: "no more than once a minute".
  public static final Duration SPACING = Duration.ofSeconds(60);

  /// What we keep above the minute at least. WebTorrent closes at 59.999 s, and a receiver's clock
  /// starts when it reads: a first message that waited in a queue or was sent twice shortens its
  /// minute.
  public static final Duration MARGIN = Duration.ofSeconds(5);

  /// The spread above that, so that the sessions of a swarm do not all send at once: a second for
  /// each contact that is connected, but no less than this.
  public static final Duration MIN_SPREAD = Duration.ofSeconds(10);

  /// The widest spread: the messages of a large swarm are spread over the whole minute.
  public static final Duration MAX_SPREAD = Duration.ofSeconds(60);

  /// BEP 11: at most 50 added and 50 dropped contacts a message, both families together. The first
  /// message is exempt: ours has up to [#MAX_TOLD] of each.
  public static final int MAX_CONTACTS = 50;

  /// How many live contacts of a family a remote holds at once by our word. libtorrent keeps as
  /// many of a teller and ignores the rest for ever.
  public static final int MAX_TOLD = 50;

  /// Messages a minute that are still read. libtorrent allows six, and says why: a stalled
  /// connection delivers several at once.
  public static final int MAX_PER_MINUTE = 6;

  /// Messages a minute that are a flood; five times what is read (guess: no client that was seen
  /// comes near).
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

    /// More is known of the remote.
    record Learned(Remote remote) implements Input {}

    /// A contact came to or left the [ContactLog].
    record ContactsChanged() implements Input {}

    /// The last message has left for the network, and the remote has shown since that it is there:
    /// a byte of its came. So a remote that does not read never finds two messages in a row.
    ///
    /// @param leftAt when it left; from then on the minute counts
    record Flushed(Instant leftAt) implements Input {}

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

    /// The remote broke the rules. What follows from it is for the owner of this session to say.
    ///
    /// @param words to follow "sent"
    record Offended(PexOffence offence, String words) implements Output {}
  }

  private final ContactLog log;
  private final RandomGenerator random;
  private final Listening listening = new Listening();
  private final Telling telling;
  private int remoteId;
  private boolean inFlight;
  private @Nullable Instant notBefore;

  /// @param log whom we are connected to; the swarm changes it and says [Input.ContactsChanged]
  /// @param remote what is known of the peer at the other end
  /// @param random for the spread; split off for this session alone
  public PexSession(ContactLog log, Remote remote, RandomGenerator random) {
    this.log = log;
    this.random = random;
    this.telling = new Telling(log, remote, listening);
  }

  /// Takes one input.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    return switch (input) {
      case Input.Offered(OptionalInt id) -> onOffered(id, now);
      case Input.Learned(Remote remote) -> {
        telling.learn(remote);
        yield tell(now);
      }
      case Input.ContactsChanged() -> tell(now);
      case Input.Flushed(Instant leftAt) -> onFlushed(leftAt);
      case Input.Received(byte[] payload) -> onReceived(payload, now);
      case Input.Tick() -> tell(now);
    };
  }

  /// When to say [Input.Tick]; empty while there is nothing to tell or nobody listens.
  public Optional<Instant> nextDeadline() {
    return remoteId != 0 && !inFlight && telling.hasNews()
        ? Optional.ofNullable(notBefore)
        : Optional.empty();
  }

  /// Whether the remote currently takes PEX.
  public boolean isOn() {
    return remoteId != 0;
  }

  /// Whether a message was ever given to be sent.
  public boolean hasTold() {
    return inFlight || notBefore != null;
  }

  /// What is known of the peer at the other end.
  public Remote remote() {
    return telling.remote();
  }

  /// Whether the remote says that it is connected to this contact: named, and not dropped since.
  public boolean holds(PeerAddress contact) {
    return listening.holds(contact);
  }

  private List<Output> onOffered(OptionalInt id, Instant now) {
    if (id.isEmpty()) {
      return List.of();
    }
    if (remoteId == 0) {
      // Who switched PEX off may have forgotten all or nothing: what comes next is a full message,
      // and the drops that were missed meanwhile.
      telling.startOver();
    }
    remoteId = id.getAsInt();
    return tell(now);
  }

  /// BEP 11 counts messages as the receiver sees them: from the moment that the previous one left.
  private List<Output> onFlushed(Instant leftAt) {
    inFlight = false;
    notBefore = leftAt.plus(SPACING).plus(MARGIN).plusNanos(random.nextLong(spread().toNanos()));
    return List.of();
  }

  private Duration spread() {
    Duration forAll = Duration.ofSeconds(log.size());
    if (forAll.compareTo(MIN_SPREAD) < 0) {
      return MIN_SPREAD;
    }
    return forAll.compareTo(MAX_SPREAD) > 0 ? MAX_SPREAD : forAll;
  }

  private List<Output> tell(Instant now) {
    boolean mayTell = remoteId != 0 && !inFlight && (notBefore == null || !now.isBefore(notBefore));
    if (!mayTell || !telling.hasNews()) {
      return List.of();
    }
    PexMessage message = telling.next();
    if (message.isEmpty()) { // BEP 11: "Messages must contain at least one of the following fields"
      return List.of();
    }
    inFlight = true;
    return List.of(new Output.Send(remoteId, message));
  }

  private List<Output> onReceived(byte[] payload, Instant now) {
    List<Output> outputs = listening.receive(payload, now);
    if (!outputs.isEmpty()) {
      telling.reconsider(); // what it holds by others' word, and no longer holds, has changed
    }
    return outputs;
  }
}
