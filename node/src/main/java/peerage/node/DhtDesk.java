package peerage.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import peerage.dht.Dht;
import peerage.dht.LookupReport;
import peerage.peers.InfoHash;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.swarm.Direction;
import peerage.wire.Handshake;
import peerage.wire.Message;
import peerage.wire.Metainfo;

/// Asks the DHT for the peers of one torrent and announces us there, as long as the torrent is not
/// known to be private: of a private one the DHT hears nothing (BEP 27), and neither its peers nor
/// the DHT's nodes hear of our node. Owned by the torrent's loop.
final class DhtDesk {
  /// Announcements are good for an hour at most, and the nodes nearest to a torrent change; 15
  /// minutes are usual in the field.
  private static final Duration INTERVAL = Duration.ofMinutes(15);

  /// While peer exchange tells us of peers, we only stay known: some nodes forget after half an
  /// hour.
  private static final Duration HEALTHY_INTERVAL = Duration.ofMinutes(25);

  /// How many connections mean that peer exchange works (guess: each tells of others).
  private static final int HEALTHY = 10;

  /// While we have nobody, or nobody took our announcement: after this (guess: two that start at
  /// the same time then meet with the second look), then after twice as long…
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);

  /// …and this at most.
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);

  private final TorrentLoop loop;
  private final Optional<DhtLoop> dht;
  private final InfoHash infoHash;
  private final int port;
  private OptionalInt task = OptionalInt.empty();
  private Optional<Instant> next = Optional.empty();
  private Duration retry = FIRST_RETRY;
  private long left;

  /// @param port where we listen with TCP
  DhtDesk(TorrentLoop loop, Services services, InfoHash infoHash, int port) {
    this.loop = loop;
    this.dht = services.dht();
    this.infoHash = infoHash;
    this.port = port;
  }

  /// Looks for peers at once.
  void start(long bytesLeft) {
    next = Optional.of(loop.now());
    suggestNamed();
    settle(bytesLeft);
  }

  /// The nodes that the torrent names: those nearest to its author's, or "a known good node such as
  /// one operated by the person generating the torrent" (BEP 5).
  private void suggestNamed() {
    List<String> hosts = loop.subject().torrent().map(Metainfo::nodes).orElse(List.of());
    if (isAllowed() && !hosts.isEmpty()) {
      new DhtRouters(hosts, dht.orElseThrow().families())
          .resolve(found -> loop.post(() -> suggest(found)));
    }
  }

  Optional<Instant> nextDeadline() {
    return task.isPresent() || !isAllowed() ? Optional.empty() : next;
  }

  /// Serves a deadline that has passed; and takes everything back when the torrent turns out to be
  /// private.
  void settle(long bytesLeft) {
    left = bytesLeft;
    if (!isAllowed()) {
      stop();
      return;
    }
    Optional<Instant> due = nextDeadline().filter(at -> !at.isAfter(loop.now()));
    if (due.isPresent() || isBereft()) {
      look();
    }
  }

  /// Whoever loses its last peer does not wait for the next regular time.
  private boolean isBereft() {
    if (next.isEmpty() || task.isPresent() || !isAlone()) {
      return false;
    }
    return next.get().isAfter(loop.now().plus(LAST_RETRY));
  }

  private void look() {
    DhtLoop nodes = dht.orElseThrow();
    var announcement = new Dht.Announcement.Listening(port, false, left == 0);
    int number = nodes.begin(new Dht.Task.FindPeers(infoHash, announcement), this::heard);
    task = OptionalInt.of(number);
    next = Optional.empty();
  }

  private void heard(Dht.Output output) {
    loop.later("dht peers", () -> obey(output));
  }

  private void obey(Dht.Output output) {
    if (!isAllowed()) {
      return;
    }
    switch (output) {
      case Dht.Output.PeersFound(int _, PeerAddress node, var peers) ->
          loop.heard(peers, new Origin.Dht(node), Optional.of(node.ip()));
      case Dht.Output.Done(int number, LookupReport report)
          when task.equals(OptionalInt.of(number)) ->
          done(report);
      default -> {} // of a lookup that was taken back, or not of the kind that we asked for
    }
  }

  private void done(LookupReport report) {
    task = OptionalInt.empty();
    int connections = loop.swarm().connections().size();
    if (report.stored() == 0 || isAlone()) {
      next = Optional.of(loop.now().plus(retry));
      retry = retry.compareTo(LAST_RETRY.dividedBy(2)) > 0 ? LAST_RETRY : retry.multipliedBy(2);
    } else {
      retry = FIRST_RETRY;
      next = Optional.of(loop.now().plus(connections < HEALTHY ? INTERVAL : HEALTHY_INTERVAL));
    }
    loop.publish(new TorrentEvent.DhtAsked(report.found(), report.answers(), report.stored()));
  }

  private boolean isAlone() {
    return left > 0 && loop.swarm().connections().isEmpty();
  }

  /// Ends what is under way.
  void stop() {
    if (task.isPresent()) {
      dht.orElseThrow().cancel(task.getAsInt());
      task = OptionalInt.empty();
    }
    next = Optional.empty();
  }

  /// Whether this torrent may have to do with the DHT.
  private boolean isAllowed() {
    return dht.isPresent() && !loop.swarm().isPrivate();
  }

  /// "Peers supporting the DHT set the last bit of the 8-byte reserved flags" (BEP 5).
  Handshake with(Handshake ours) {
    return isAllowed() ? ours.with(Handshake.DHT) : ours;
  }

  /// "Peer receiving a handshake indicating the remote peer supports the DHT should send a PORT
  /// message" (BEP 5).
  void greet(Connection connection, Direction direction) {
    if (isAllowed() && connection.handshake().supports(Handshake.DHT)) {
      connection.send(new Message.Port(dht.orElseThrow().port()));
      if (direction == Direction.OUTGOING) { // many use one number for both
        dht.orElseThrow().suggest(List.of(connection.remote()));
      }
    }
  }

  /// "Peers that receive this message should attempt to ping the node on the received port and IP
  /// address of the remote peer" (BEP 5).
  void hasNode(Connection connection, int udpPort) {
    if (isAllowed() && udpPort > 0) {
      suggest(List.of(new PeerAddress(connection.remote().ip(), udpPort)));
    }
  }

  /// There may be nodes: a magnet's peers, say.
  void suggest(List<PeerAddress> addresses) {
    if (isAllowed() && !addresses.isEmpty()) {
      dht.orElseThrow().suggest(addresses);
    }
  }
}
