package peerage.pxp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;

/// One connection to another node, from the open stream to its end: its session, who uses which of
/// its streams, and what is known of the node.
final class Connection {
  /// How far it has come.
  enum Stage {
    /// No hello yet.
    GREETING,
    /// Both know whom they talk to, and may ask for peers.
    GREETED,
    /// The application's stream is there: a peer.
    JOINED,
    /// Gone.
    CLOSED
  }

  final Link link;
  final Role role;
  final Route route;
  final Session session;
  final Optional<Trial> trial;

  /// Names it in what we say, before it joins too.
  final PeerRef ref;

  /// Candidates that we named to it.
  final Offers offers;

  final Instant opened;
  Instant heard;

  Stage stage = Stage.GREETING;

  /// Its own words about itself; null before its hello, or if it accepts no introductions.
  @Nullable ConnectInfo info;

  /// The key that it has proved to hold over this very connection.
  Optional<IdentityKey> identity = Optional.empty();

  /// When it has to be gone or joined: a visitor, or one that has said hello only.
  @Nullable Instant joinBy;

  /// Whether it is here only to ask, as there is no room.
  boolean visits;

  /// Its `connect` that waits for room.
  @Nullable JsonText connectWaiting;

  /// Whether it was asked something because it was silent.
  boolean pinged;

  /// Until when nobody is told of it, as it does not answer.
  Instant unlistedUntil = Instant.MIN;

  /// Relays in which it takes part, and invitations that it has passed on to us.
  int relays;

  int invitations;

  /// Reasons to hold its reading back, and since when there has been one.
  int holds;

  Instant heldSince = Instant.MIN;

  /// Ids of candidates that it named and that we have used.
  private final SequencedSet<String> used = new LinkedHashSet<>();

  private final SequencedMap<String, StreamUser> users = new TreeMap<>();
  private final SequencedSet<Connection> touched;

  /// @param touched where it enters itself whenever its session may have something to say
  Connection(
      Exchange.Input.Opened opened,
      Session session,
      Optional<Trial> trial,
      PeerRef ref,
      Self self,
      SequencedSet<Connection> touched) {
    this.link = opened.link();
    this.role = opened.role();
    this.route = opened.route();
    this.session = session;
    this.trial = trial;
    this.ref = ref;
    this.offers = new Offers(self);
    this.heard = self.now();
    this.opened = self.now();
    this.touched = touched;
    touched.add(this);
  }

  boolean isClosed() {
    return stage == Stage.CLOSED;
  }

  /// The peer that told us of it and carried the signalling, if one did.
  Optional<PeerRef> introducer() {
    return trial.flatMap(Trial::introducer);
  }

  boolean isJoined() {
    return stage == Stage.JOINED;
  }

  /// Whether it may be asked for peers and for relaying.
  boolean canBeAsked() {
    return stage == Stage.GREETED || stage == Stage.JOINED;
  }

  /// The node's token, if it shows one.
  Optional<String> token() {
    return info == null ? Optional.empty() : info.token();
  }

  /// Uses the id of a candidate that it named. A JavaScript relay dies when it gets one twice.
  ///
  /// @return whether it is the first time
  boolean use(String id) {
    if (used.size() >= ExchangeLimits.USED_IDS_MAX) {
      used.removeFirst();
    }
    return used.add(id);
  }

  /// Sends a request; there is always one call to the reply.
  void ask(Function<JsonText, byte[]> request, Duration within, Reply reply) {
    if (isClosed()) {
      reply.missed("the connection is gone");
    } else {
      session.ask(request, within, reply);
      touched.add(this);
    }
  }

  /// Sends an answer.
  void answer(byte[] message) {
    if (!isClosed()) {
      session.send(message);
      touched.add(this);
    }
  }

  /// Gives a stream to who uses it from now on, with what came for it already.
  void open(String stream, StreamUser user) {
    if (!isClosed()) {
      users.put(stream, user);
      session.register(stream);
      touched.add(this);
    }
  }

  /// Who uses a stream.
  Optional<StreamUser> user(String stream) {
    return Optional.ofNullable(users.get(stream));
  }

  /// Writes one frame.
  void write(String stream, ByteBuffer bytes) {
    if (!isClosed()) {
      session.write(stream, bytes);
      touched.add(this);
    }
  }

  /// Ends our half of a stream; the other half goes on.
  void end(String stream) {
    if (!isClosed()) {
      session.end(stream);
      touched.add(this);
    }
  }

  /// Ends our half of a stream, and drops what still comes on the other.
  void drop(String stream) {
    if (users.remove(stream) != null && !isClosed()) {
      session.end(stream);
      session.forget(stream);
      touched.add(this);
    }
  }

  /// Drops what comes on a stream that the other side does not know of: an end would open it.
  void abandon(String stream) {
    if (users.remove(stream) != null && !isClosed()) {
      session.forget(stream);
      touched.add(this);
    }
  }

  /// Takes away all who use a stream.
  List<StreamUser> takeUsers() {
    List<StreamUser> all = List.copyOf(users.values());
    users.clear();
    return all;
  }

  /// How many streams are in use.
  int streams() {
    return users.size();
  }
}
