package peerage.pxp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import peerage.peers.Link;

/// One node of one network: its connections, whom it asks for peers, whom it introduces, whose
/// signalling it relays.
///
/// **What the driver does.**
///
/// - It opens byte streams (dialled, accepted, adopted, upgraded), gives each a [Link] and says
///   [Input.Opened]; passes on what is read, in order, as [Input.Received]; says [Input.Closed]
/// when
///   one has ended, also after [Output.Close], where it is ignored.
/// - It obeys outputs in their order. [Output.Send] is queued for the link's writer. Who writes for
///   the application waits while a link's queue is long; if a link's queue grows all the same
///   beyond what the driver allows, the other side does not read, and the driver closes it.
/// - The application's stream of a peer: [Input.Written] is one call of the application's `write`,
///   and becomes one frame ("one write is one event" for JavaScript). [Output.StreamBytes] goes
/// into
///   the stream's buffer; `last` marks the end of the other side's write.
/// - On [Output.Dial] it connects and answers with [Input.Opened] or [Input.AttemptFailed]. On
///   [Output.BeginUpgrade] it starts WebRTC, passes on what that makes as [Input.SignalMade], and
///   answers likewise. [Output.GiveUp] ends either, and what comes of it later is closed.
///
/// Buffers of [Input.Received] may be shared with outputs: nobody changes them afterwards.
///
/// Not thread-safe; owned by one loop.
public final class Exchange {
  /// What happened.
  public sealed interface Input {
    /// A byte stream to another node is open.
    ///
    /// @param attempt which of our attempts has led to it; empty if the other side or the
    ///     application opened it
    record Opened(Link link, Role role, Route route, Optional<Attempt> attempt) implements Input {}

    /// Bytes came on a stream.
    record Received(Link link, ByteBuffer bytes) implements Input {}

    /// A stream has ended, from whatever side.
    ///
    /// @param why a clause to show
    record Closed(Link link, String why) implements Input {}

    /// An attempt led to nothing.
    ///
    /// @param why a clause to show
    record AttemptFailed(Attempt attempt, String why) implements Input {}

    /// The driver reads no more from this stream for now, because the application is slow to read,
    /// or cannot write to it, because the other side is: what was asked may be answered late, and
    /// silence says nothing. Each is followed by [Released].
    record Held(Link link) implements Input {}

    /// It does so again.
    record Released(Link link) implements Input {}

    /// Our side of an upgrade has made a signal.
    record SignalMade(Attempt attempt, Signal signal) implements Input {}

    /// The application wrote to a peer, 1 byte to 1 MiB in one frame.
    record Written(PeerRef peer, ByteBuffer bytes) implements Input {}

    /// The application will write no more to a peer.
    record WritesEnded(PeerRef peer) implements Input {}

    /// The application reads a peer's stream no more, or not fast enough: what still comes on it is
    /// dropped, and nothing else waits for it.
    record ReadsEnded(PeerRef peer) implements Input {}

    /// The application parts from a peer.
    record Left(PeerRef peer) implements Input {}

    /// The application wants one new peer.
    ///
    /// @param request names the answer; never used twice
    record Wanted(int request) implements Input {}

    /// The application waits for it no more.
    record Unwanted(int request) implements Input {}

    /// How many peers the application wants to have; 0 for no wish. Fewer: they are looked for.
    record TargetChanged(int peers) implements Input {}

    /// Endpoints of nodes that were reached in an earlier run, the best first. Used when the
    /// bootstrap does not suffice.
    record Remembered(List<Endpoint> endpoints) implements Input {}

    /// The time has come that [Exchange#nextDeadline()] named. Harmless when early.
    record Ticked() implements Input {}
  }

  /// What to do, or to know.
  public sealed interface Output {
    /// Send these bytes, in this order.
    record Send(Link link, List<ByteBuffer> bytes) implements Output {}

    /// Close the stream once what was sent before is out.
    ///
    /// @param why a clause to show
    record Close(Link link, String why) implements Output {}

    /// Read no more from this stream until [ReadOn]: it sends faster than its relay may carry. What
    /// was read already is still passed in.
    record HoldReading(Link link) implements Output {}

    /// Read again, unless the driver itself has a reason not to.
    record ReadOn(Link link) implements Output {}

    /// Connect to a node.
    record Dial(Attempt attempt, Endpoint endpoint) implements Output {}

    /// Start WebRTC.
    ///
    /// @param kind what we make: an offer or an answer
    record BeginUpgrade(Attempt attempt, Signal.Kind kind) implements Output {}

    /// Give a signal of the other side to an upgrade.
    record PassSignal(Attempt attempt, Signal signal) implements Output {}

    /// End an attempt that is under way.
    record GiveUp(Attempt attempt) implements Output {}

    /// A peer is there, and its stream usable both ways.
    ///
    /// @param link which connection carries it; if it is relayed, the one to the relay
    record PeerJoined(PeerRef peer, Link link, PeerInfo info) implements Output {}

    /// The peer wrote.
    record StreamBytes(PeerRef peer, ByteBuffer bytes, Part part) implements Output {}

    /// The peer will write no more.
    record StreamEnded(PeerRef peer) implements Output {}

    /// A peer is gone.
    ///
    /// @param why a clause to show
    record PeerLeft(PeerRef peer, String why) implements Output {}

    /// A request for a new peer is fulfilled; [PeerJoined] came before.
    record Found(int request, PeerRef peer) implements Output {}

    /// A request for a new peer cannot be fulfilled now.
    record NotFound(int request, SeekFailure why) implements Output {}

    /// A node answered at this endpoint, or has come from there and says that it listens there:
    /// worth remembering for a later start.
    record Reached(Endpoint endpoint) implements Output {}

    /// Something to log, to count, to show.
    record Noticed(ExchangeNotice notice) implements Output {}
  }

  /// Where in one write of the other side some bytes stand.
  public enum Part {
    /// More of the same write follows.
    MORE,
    /// The write ends here.
    LAST
  }

  /// Why no new peer was found.
  public enum SeekFailure {
    /// There is no peer to ask.
    NOBODY_TO_ASK,
    /// Nobody who was asked knows anybody else.
    NO_CANDIDATES,
    /// None of the candidates could be reached.
    UNREACHABLE,
    /// It took too long.
    TIMED_OUT
  }

  private final Self self;
  private final Parts parts;
  private final CandidateList candidates;
  private final Relays relays;
  private final Invitations invitations;
  private final Searches searches;
  private final Keeper keeper;

  /// A node that has no connection yet.
  ///
  /// @param random chooses among equals; repeatable
  /// @param secrets makes the node token and the ids of candidates; unguessable in production
  public Exchange(ExchangeOptions options, RandomGenerator random, RandomGenerator secrets) {
    this.self = new Self(options, random, secrets);
    this.parts = new Parts(self, listener());
    this.candidates = new CandidateList(self, parts.connections);
    this.relays = new Relays(self, parts.connections);
    this.invitations = new Invitations(parts);
    this.searches = new Searches(parts);
    this.keeper = new Keeper(parts, searches);
  }

  /// Our random number of this run, 32 hex digits, by which others know us again.
  public String token() {
    return self.token;
  }

  /// Takes what happened.
  public List<Output> handle(Input input, Instant now) {
    self.at(now);
    take(input);
    self.agenda.run(self.now());
    do {
      parts.connections.settle();
      keeper.progress();
      searches.progress();
    } while (parts.connections.isTouched() || keeper.isStale());
    return self.takeOutputs();
  }

  /// When to be called with [Input.Ticked].
  public Optional<Instant> nextDeadline() {
    return self.agenda.nextDeadline();
  }

  /// What every connection needs is told apart before the rest: see [Session].
  private void take(Input input) {
    if (input instanceof Input.Received received) {
      at(received.link()).ifPresent(one -> parts.connections.receive(one, received.bytes()));
    } else if (input instanceof Input.Written written) {
      parts.peers.written(written.peer(), written.bytes());
    } else if (input instanceof Input.Opened opened) {
      opened(opened);
    } else if (input instanceof Input.Closed closed) {
      at(closed.link()).ifPresent(one -> parts.connections.gone(one, closed.why()));
    } else if (input instanceof Input.TargetChanged changed) {
      keeper.target(changed.peers());
    } else if (input instanceof Input.SignalMade made) {
      parts.attempts.made(made.attempt(), made.signal());
    } else if (input instanceof Input.Wanted wanted) {
      searches.wanted(wanted.request());
    } else if (input instanceof Input.Unwanted unwanted) {
      searches.unwanted(unwanted.request());
    } else if (!(input instanceof Input.Ticked)) {
      takeOther(input);
    }
  }

  private void takeOther(Input input) {
    switch (input) {
      case Input.AttemptFailed failed -> parts.attempts.failed(failed.attempt(), failed.why());
      case Input.Held held -> at(held.link()).ifPresent(parts.connections::hold);
      case Input.Released released -> at(released.link()).ifPresent(parts.connections::release);
      case Input.WritesEnded ended -> parts.peers.writesEnded(ended.peer());
      case Input.ReadsEnded ended -> parts.peers.readsEnded(ended.peer());
      case Input.Left left -> left(left.peer());
      case Input.Remembered remembered -> {
        keeper.endpoints().remember(remembered.endpoints());
        keeper.look();
      }
      case Input.Received _,
          Input.Written _,
          Input.Opened _,
          Input.Closed _,
          Input.TargetChanged _,
          Input.SignalMade _,
          Input.Wanted _,
          Input.Unwanted _,
          Input.Ticked _ -> {} // seen to above
    }
  }

  private Optional<Connection> at(Link link) {
    return parts.connections.at(link);
  }

  private void opened(Input.Opened opened) {
    Optional<Trial> trial = opened.attempt().flatMap(parts.attempts::take);
    if (opened.attempt().isPresent() && trial.isEmpty()) {
      self.say(new Output.Close(opened.link(), "nobody waits for it any more"));
      return;
    }
    boolean visits = isVisit(opened);
    if (visits && !parts.room.isThereForVisitor()) {
      self.say(new Output.Close(opened.link(), "we are full"));
      return;
    }
    parts.connections.open(opened, trial, awaited(opened), visits);
    trial.ifPresent(Trial::opened);
  }

  /// Who dials us when we are full may ask, only. What we opened ourselves has its place.
  private boolean isVisit(Input.Opened opened) {
    return opened.attempt().isEmpty() && opened.role() == Role.ACCEPT && !parts.room.isThere();
  }

  /// Departure from the rule that both sides begin at once: some JavaScript nodes lose the order of
  /// what comes early on a data channel.
  private static Duration awaited(Input.Opened opened) {
    return opened.route().transport() == Transport.WEBRTC && opened.role() == Role.CONNECT
        ? PxpLimits.MAGIC_AWAITED
        : Duration.ZERO;
  }

  /// A connection ends with its peer; a relay's stream ends alone.
  private void left(PeerRef ref) {
    parts
        .peers
        .at(ref)
        .ifPresent(
            peer -> {
              peer.connection.drop(peer.stream);
              parts.peers.part(peer, "the application parted from it");
              if (!peer.isPlain()) {
                parts.connections.close(peer.connection, "the application parted from it");
              }
            });
    keeper.look();
  }

  private Connections.Listener listener() {
    return new Connections.Listener() {
      @Override
      public void greeted(Connection connection, PxpMessage.Hello hello) {
        parts.joining.greeted(connection, hello);
        keeper.encourage();
      }

      @Override
      public void asked(Connection connection, PxpMessage message) {
        Exchange.this.asked(connection, message);
      }

      @Override
      public void closed(Connection connection) {
        keeper.look();
      }
    };
  }

  private void asked(Connection connection, PxpMessage message) {
    // Signals make sense over a relay only. The rest is the session's.
    if (message instanceof PxpMessage.Connect connect) {
      parts.joining.asked(connection, connect);
      keeper.encourage();
    } else if (message instanceof PxpMessage.GetPeers ask) {
      candidates.answer(connection, ask);
    } else if (message instanceof PxpMessage.Relay ask) {
      relays.asked(connection, ask);
    } else if (message instanceof PxpMessage.Incoming ask) {
      invitations.asked(connection, ask);
    }
  }

  /// How much is kept, so that tests can see that nothing is left behind.
  Sizes sizes() {
    return new Sizes(
        parts.connections.size(),
        parts.connections.all().stream().mapToInt(Connection::streams).sum(),
        parts.peers.size(),
        parts.attempts.size(),
        relays.size(),
        invitations.size(),
        searches.size());
  }

  /// What an exchange keeps.
  record Sizes(
      int connections,
      int streams,
      int peers,
      int attempts,
      int relays,
      int invitations,
      int searches) {}
}
