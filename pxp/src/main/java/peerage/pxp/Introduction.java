package peerage.pxp;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// We ask a peer to relay to a candidate that it has named, and then reach the candidate: directly
/// by an upgrade, or, if it wants none, over the relay's stream itself.
final class Introduction implements Reply, Upgrade.Listener {
  /// Who waits for what becomes of it. Exactly one of them is called, once.
  interface Outcome {
    void found(PeerRef peer);

    void failed(String why);
  }

  private final Parts parts;
  private final Told told;
  private final Outcome outcome;
  private final @Nullable Upgrade upgrade;
  private final @Nullable Peer plain;

  Introduction(Parts parts, Told told, Outcome outcome) {
    this.parts = parts;
    this.told = told;
    this.outcome = outcome;
    boolean upgrades = told.candidate().info().pxp();
    this.upgrade =
        upgrades ? new Upgrade(parts, told.teller(), stream(), Signal.Kind.OFFER, this) : null;
    this.plain =
        upgrades ? null : parts.peers.prepare(parts.connections.nextRef(), told.teller(), stream());
  }

  private String stream() {
    return "relay:" + told.candidate().id();
  }

  /// Registers the stream, then asks.
  void begin() {
    boolean fresh = told.teller().use(told.candidate().id());
    if (!fresh || told.teller().user(stream()).isPresent()) {
      outcome.failed("its id was used before");
      return;
    }
    if (upgrade != null) {
      upgrade.register();
    } else if (plain != null) {
      told.teller().open(stream(), plain);
    }
    told.teller()
        .ask(
            nonce -> PxpCodec.relay(nonce, told.candidate().id()),
            ExchangeLimits.RELAYED_TIME,
            this);
  }

  @Override
  public void came(JsonText args) {
    Optional<String> error = PxpCodec.errorOf(args);
    if (error.isPresent()) {
      missed("the relay said: " + error.get());
    } else if (upgrade != null) {
      upgrade.begin();
    } else if (plain != null) {
      parts.peers.join(plain, plainInfo());
      outcome.found(plain.ref);
    }
  }

  private PeerInfo plainInfo() {
    ConnectInfo info = told.candidate().info();
    return new PeerInfo(
        Role.CONNECT,
        new Route(Transport.RELAY, Optional.empty()),
        Optional.of(told.teller().ref),
        info.token(),
        Optional.empty(),
        List.copyOf(info.listening()));
  }

  @Override
  public void missed(String why) {
    if (upgrade != null) {
      upgrade.fail(why);
    } else {
      told.teller().drop(stream());
      failed(why);
    }
  }

  /// Over the relay it must be the node that was named.
  @Override
  public Optional<String> objection(@Nullable ConnectInfo info) {
    return told.objection(info);
  }

  @Override
  public void joined(Connection connection) {
    outcome.found(connection.ref);
  }

  @Override
  public void failed(String why) {
    parts.self.notice(new ExchangeNotice.CandidateFailed(told.teller().ref, why));
    outcome.failed(why);
  }
}
