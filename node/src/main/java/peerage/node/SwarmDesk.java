package peerage.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeSet;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.pex.PexMessage;
import peerage.pex.UtPex;
import peerage.pieces.Transfer;
import peerage.swarm.DialFailure;
import peerage.swarm.Direction;
import peerage.swarm.Privacy;
import peerage.swarm.Swarm;
import peerage.swarm.SwarmEvent;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;
import peerage.wire.Message;
import peerage.wire.MetadataMessage;

/// Drives the [Swarm] machine of one torrent, and keeps its connections. Owned by the torrent's
/// loop.
final class SwarmDesk {
  /// How often the machine is told that content moves on a connection.
  private static final Duration ONCE_IN_A_WHILE = Duration.ofSeconds(10);

  /// Addresses of ours that we remember (guess: more than any host has).
  private static final int MAX_OWN_IPS = 64;

  private final TorrentLoop loop;
  private final Services services;
  private final Swarm swarm;
  private final Handshake ours;
  private final int port;
  private final LinkedHashMap<Link, Connection> connections = new LinkedHashMap<>();
  private final HashMap<Swarm.Input, Instant> toldAt = new HashMap<>();
  private final TreeSet<IpAddress> ownIps = new TreeSet<>();
  private PexTraffic pex = PexTraffic.NONE;
  private int links;
  private boolean touched;
  private Optional<Instant> deadline = Optional.empty();

  SwarmDesk(
      TorrentLoop loop, Services services, Swarm swarm, InfoHash infoHash, PeerId ourId, int port) {
    this.loop = loop;
    this.services = services;
    this.swarm = swarm;
    this.ours = Handshake.ours(infoHash, ourId);
    this.port = port;
  }

  /// Which addresses we have to do with, from now on.
  void filter(Filters filters) {
    handle(new Swarm.Input.Filtered(filters.connect(), filters.share()));
  }

  Handshake handshake() {
    return loop.dht().with(ours);
  }

  /// What peer exchange moved.
  PexTraffic pex() {
    return pex;
  }

  Swarm machine() {
    return swarm;
  }

  /// Whether nobody may hear of the torrent but its trackers and its peers (BEP 27), as far as is
  /// known.
  boolean isPrivate() {
    return swarm.privacy() == Privacy.PRIVATE;
  }

  Collection<Connection> connections() {
    return Collections.unmodifiableCollection(connections.values());
  }

  Optional<Connection> connection(Link link) {
    return Optional.ofNullable(connections.get(link));
  }

  Optional<Instant> nextDeadline() {
    return deadline;
  }

  void heard(List<PeerAddress> addresses, Origin origin, Optional<IpAddress> source) {
    handle(new Swarm.Input.Heard(addresses, origin, source));
  }

  void handle(Swarm.Input input) {
    touched = true;
    swarm.handle(input, loop.now()).forEach(this::obey);
  }

  /// After a batch: what was learned in it is told, and deadlines that have passed are served.
  void settle() {
    boolean due = deadline.isPresent() && !deadline.get().isAfter(loop.now());
    if (touched || due) {
      handle(new Swarm.Input.Tick());
      touched = false;
      deadline = swarm.nextDeadline();
    }
  }

  private void obey(Swarm.Output output) {
    switch (output) {
      case Swarm.Output.Dial(PeerAddress address) -> dial(address);
      case Swarm.Output.Close(Link link, String reason) -> close(link, reason);
      case Swarm.Output.SendPex(Link link, int id, var message) ->
          connection(link).ifPresent(connection -> sendPex(connection, id, message));
      case Swarm.Output.Probe(PeerAddress endpoint) ->
          services
              .dialler()
              .probe(
                  endpoint,
                  result -> loop.post(() -> handle(new Swarm.Input.Probed(endpoint, result))));
      case Swarm.Output.SendHandshake(Link link) -> connection(link).ifPresent(this::sendHandshake);
      case Swarm.Output.Happened(SwarmEvent event) -> loop.publish(new TorrentEvent.OfSwarm(event));
    }
  }

  /// The minute of BEP 11 counts from when the message has left; but a peer that has stopped
  /// reading would find the next one right behind it, so that waits until the peer shows itself.
  private void sendPex(Connection connection, int id, PexMessage message) {
    Link link = connection.link();
    byte[] payload = UtPex.encode(message);
    pex = pex.sending(payload.length, message.added().size() + message.dropped().size());
    connection.send(
        new Message.Extended(id, payload),
        () -> {
          Instant leftAt = services.clock().instant();
          connection.onNextByte(
              () -> loop.post(() -> handle(new Swarm.Input.PexFlushed(link, leftAt))));
        });
  }

  /// What we say about ourselves has changed.
  void sendHandshakes() {
    connections.values().stream().filter(c -> !c.isClosed()).forEach(this::sendHandshake);
  }

  private void sendHandshake(Connection connection) {
    if (connection.handshake().supports(Handshake.EXTENSIONS)) {
      connection.send(new Message.Extended(ExtensionHandshake.ID, extensionHandshake(connection)));
    }
  }

  void close(Link link, String reason) {
    connection(link).ifPresent(connection -> connection.close(reason));
  }

  void closeAll(String reason) {
    connections.values().forEach(connection -> connection.close(reason));
  }

  private void dial(PeerAddress address) {
    Optional<Instant> heldBack =
        swarm.isHearsay(address)
            ? services.dialler().heldBackUntil(address, loop.now())
            : Optional.empty();
    if (heldBack.isPresent()) {
      handle(new Swarm.Input.DialHeldBack(address, heldBack.get()));
      return;
    }
    services
        .dialler()
        .dial(
            address,
            handshake(),
            new Dialler.Outcome() {
              @Override
              public void connected(SocketChannel channel, Handshake theirs) {
                services.dialler().answered(address, services.clock().instant());
                loop.welcome(channel, Direction.OUTGOING, address, theirs);
              }

              @Override
              public void failed(DialFailure why) {
                loop.post(() -> handle(new Swarm.Input.DialFailed(address, why)));
              }
            });
  }

  /// Handshakes are done.
  void opened(SocketChannel channel, Direction direction, PeerAddress remote, Handshake theirs) {
    var link = new Link(++links);
    Connection connection = loop.reception().open(channel, link, remote, theirs);
    connections.put(link, connection);
    learnOwnIp(channel);
    handle(new Swarm.Input.Connected(link, direction, remote, theirs));
    if (connection.isClosed()) { // the machine did not want it
      connections.remove(link);
      return;
    }
    greet(connection);
    loop.dht().greet(connection, direction);
    connection.start();
  }

  private void learnOwnIp(SocketChannel channel) {
    try {
      if (channel.getLocalAddress() instanceof InetSocketAddress local) {
        IpAddress ip = Addresses.toIp(local.getAddress());
        if (ownIps.size() < MAX_OWN_IPS && ownIps.add(ip)) {
          handle(new Swarm.Input.OwnIp(ip));
        }
      }
    } catch (IOException _) {
      // it is closed already
    }
  }

  /// BEP 10's handshake goes first, then what the transfer has to say.
  private void greet(Connection connection) {
    sendHandshake(connection);
    if (!connection.handshake().supports(Handshake.EXTENSIONS)) {
      loop.publish(
          new TorrentEvent.OfSwarm(
              new SwarmEvent.Introduced(connection.link(), connection.remote(), Optional.empty())));
    }
    if (!swarm.isVisitor(connection.link())) {
      loop.reception().joined(connection);
    }
  }

  private byte[] extensionHandshake(Connection connection) {
    SortedMap<String, Integer> extensions = swarm.extensions(connection.link());
    if (extensions.getOrDefault(UtPex.NAME, 0) != 0) {
      pex = pex.offering();
    }
    ExtensionHandshake ours =
        ExtensionHandshake.ours(
            extensions,
            OptionalInt.of(port),
            Transfer.REQUEST_QUEUE,
            connection.remote(),
            loop.subject().isSeed() ? Optional.of(true) : Optional.empty());
    if (extensions.getOrDefault(MetadataMessage.NAME, 0) != 0) {
      ours =
          loop.subject()
              .torrent()
              .map(t -> t.info().remaining())
              .map(ours::withMetadata)
              .orElse(ours);
    }
    return services.own().besides(connection.remote().ip()).map(ours::alsoAt).orElse(ours).encode();
  }

  /// The peer sent what we had asked for.
  void supplied(Connection connection) {
    tellOnceInAWhile(new Swarm.Input.Supplied(connection.link()));
  }

  /// The peer took what it had asked for.
  void served(Connection connection) {
    tellOnceInAWhile(new Swarm.Input.Served(connection.link()));
  }

  private void tellOnceInAWhile(Swarm.Input what) {
    Instant last = toldAt.get(what);
    if (last == null || loop.now().isAfter(last.plus(ONCE_IN_A_WHILE))) {
      toldAt.put(what, loop.now());
      handle(what);
    }
  }

  void extended(Connection connection, int id, byte[] payload) {
    if (id == Swarm.PEX_ID) {
      pex = pex.hearing(payload.length);
      handle(new Swarm.Input.PexArrived(connection.link(), payload));
    } else if (id == Swarm.METADATA_ID) {
      loop.metadata().arrived(connection, payload);
    } else if (id == ExtensionHandshake.ID) {
      try {
        onHandshake(connection.link(), ExtensionHandshake.decode(payload));
      } catch (MalformedMessage e) {
        connection.close("sent a malformed extension handshake: " + e.getMessage());
      }
    }
  }

  private void onHandshake(Link link, ExtensionHandshake handshake) {
    handle(new Swarm.Input.ExtensionHandshaken(link, handshake));
    loop.reception().introduced(link, handshake);
  }

  /// The connection has ended.
  void gone(Connection connection, String reason) {
    if (connections.remove(connection.link()) != null) {
      toldAt.remove(new Swarm.Input.Supplied(connection.link()));
      toldAt.remove(new Swarm.Input.Served(connection.link()));
      loop.reception().left(connection.link());
      handle(new Swarm.Input.Disconnected(connection.link(), reason));
    }
  }
}
