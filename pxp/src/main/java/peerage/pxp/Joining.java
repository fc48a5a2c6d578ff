package peerage.pxp;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.peers.IpAddress;

/// From a connection's hello to its being a peer: who may, and who sends `connect`.
final class Joining {
  private final Self self;
  private final Connections connections;
  private final Peers peers;

  Joining(Self self, Connections connections, Peers peers) {
    this.self = self;
    this.connections = connections;
    this.peers = peers;
  }

  /// The other side said hello, in our version and network.
  void greeted(Connection connection, PxpMessage.Hello hello) {
    connection.info = hello.info().orElse(null);
    Optional<String> objection = objection(connection).or(() -> trialObjection(connection, hello));
    if (objection.isPresent()) {
      connections.close(connection, objection.get());
      return;
    }
    connection.stage = Connection.Stage.GREETED;
    if (!connection.visits) {
      connection.joinBy = self.in(ExchangeLimits.JOIN_TIME);
    }
    if (connection.role == Role.CONNECT) {
      connect(connection);
    }
  }

  private Optional<String> objection(Connection connection) {
    Optional<String> token = connection.token();
    if (token.isPresent() && token.get().equals(self.token)) {
      return Optional.of(OURSELVES);
    }
    return proofObjection(connection).or(() -> doubleObjection(connection));
  }

  /// What a node is told that is ourselves.
  static final String OURSELVES = "it is ourselves";

  /// What a node is told to which we are connected already.
  static final String CONNECTED_ALREADY = "we are connected to this node already";

  private static Optional<String> trialObjection(Connection connection, PxpMessage.Hello hello) {
    return connection.trial.flatMap(trial -> trial.objection(connection, hello));
  }

  /// Who announces a key must hold it; and if this is an upgrade, its certificate must be the one
  /// that the key has signed. Elsewhere the key stays unproved: anybody can repeat what it signed.
  private Optional<String> proofObjection(Connection connection) {
    ConnectInfo info = connection.info;
    if (info == null || info.proof().isEmpty()) {
      return Optional.empty();
    }
    ConnectInfo.Proof proof = info.proof().get();
    if (!Proofs.holds(proof, self.options.network(), info.token().orElse(""))) {
      return Optional.of("it does not hold the key that it shows");
    }
    Optional<String> seen = connection.trial.flatMap(Trial::fingerprint);
    if (connection.route.transport() != Transport.WEBRTC) {
      return Optional.empty();
    }
    if (seen.isEmpty() || !Proofs.same(seen.get(), proof.fingerprint())) {
      return Optional.of("its certificate is not the one that its key has signed");
    }
    connection.identity = Optional.of(proof.key());
    return Optional.empty();
  }

  /// Of two connections between the same nodes that each side opened one of, that of the smaller
  /// token stays: both sides decide alike. Of two that one side opened, that side keeps the first.
  private Optional<String> doubleObjection(Connection connection) {
    Connection other = twin(connection);
    if (other == null) {
      return Optional.empty();
    }
    if (other.role == connection.role) {
      return connection.role == Role.CONNECT ? Optional.of(CONNECTED_ALREADY) : Optional.empty();
    }
    boolean oursStays = self.token.compareTo(connection.token().orElse("")) < 0;
    if (oursStays == (connection.role == Role.CONNECT)) {
      connections.close(other, CONNECTED_ALREADY);
      return Optional.empty();
    }
    return Optional.of(CONNECTED_ALREADY);
  }

  private @Nullable Connection twin(Connection connection) {
    return connection.token().isEmpty()
        ? null
        : connections.all().stream()
            .filter(other -> other != connection && other.canBeAsked())
            .filter(other -> other.token().equals(connection.token()))
            .findFirst()
            .orElse(null);
  }

  /// Registers the stream before the message that lets the other side use it.
  private void connect(Connection connection) {
    connection.open(self.dataStream(), peer(connection));
    connection.ask(
        nonce -> PxpCodec.connect(nonce, self.options.network().text()),
        ExchangeLimits.JOIN_TIME,
        new Reply() {
          @Override
          public void came(JsonText args) {
            PxpCodec.errorOf(args)
                .ifPresentOrElse(
                    error -> connections.close(connection, "it refused to connect: " + error),
                    () -> joined(connection));
          }

          @Override
          public void missed(String why) {
            connections.close(connection, "it did not connect in time");
          }
        });
  }

  /// The other side sent `connect`.
  void asked(Connection connection, PxpMessage.Connect message) {
    if (!message.network().equals(self.options.network().text())) {
      connection.answer(PxpCodec.no(message.nonce(), "This node is not of that network"));
    } else if (connection.user(self.dataStream()).isPresent()
        || connection.connectWaiting != null) {
      connection.answer(PxpCodec.no(message.nonce(), "Already connected to that network"));
    } else if (connection.visits) {
      connection.connectWaiting = message.nonce();
    } else {
      accept(connection, message.nonce());
    }
  }

  /// A visitor gets the place that has become free.
  void admit(Connection visitor) {
    connections.admit(visitor);
    visitor.joinBy = visitor.canBeAsked() ? self.in(ExchangeLimits.JOIN_TIME) : null;
    JsonText nonce = visitor.connectWaiting;
    if (nonce != null) {
      visitor.connectWaiting = null;
      accept(visitor, nonce);
    }
  }

  private void accept(Connection connection, JsonText nonce) {
    connection.open(self.dataStream(), peer(connection));
    connection.answer(PxpCodec.yes(nonce));
    joined(connection);
  }

  private Peer peer(Connection connection) {
    return peers.prepare(connection.ref, connection, self.dataStream());
  }

  /// Both sides know of the stream. Harmless if it has joined before.
  void joined(Connection connection) {
    if (connection.stage != Connection.Stage.GREETED) {
      return;
    }
    connection.stage = Connection.Stage.JOINED;
    connection.joinBy = null;
    connection
        .user(self.dataStream())
        .ifPresent(
            user -> {
              if (user instanceof Peer peer) {
                peers.join(peer, info(connection));
              }
            });
    connection.trial.ifPresent(trial -> trial.joined(connection));
    if (connection.role == Role.ACCEPT) {
      remember(connection);
    }
  }

  /// Who came to us says itself where it listens: that is believed if it is where it comes from.
  private void remember(Connection connection) {
    Optional<IpAddress> from = connection.route.remote();
    if (connection.info == null || from.isEmpty()) {
      return;
    }
    for (Endpoint endpoint : connection.info.listening()) {
      if (DialRules.ip(endpoint).equals(from)) {
        self.say(new Exchange.Output.Reached(endpoint));
      }
    }
  }

  private static PeerInfo info(Connection connection) {
    ConnectInfo info = connection.info;
    return new PeerInfo(
        connection.role,
        connection.route,
        connection.introducer(),
        connection.token(),
        connection.identity,
        info == null ? List.of() : info.listening());
  }
}
