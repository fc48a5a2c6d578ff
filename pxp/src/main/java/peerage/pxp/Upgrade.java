package peerage.pxp;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// From a relay's stream to a direct connection: the same for who asked and who was asked for,
/// except for who makes the offer and when.
///
/// Late signals do no harm: what comes when the channel is open, or after the end, is not passed
/// on.
final class Upgrade implements Relayed.Talk, Trial {
  /// Who waits for what becomes of it. Exactly one of them is called, once.
  interface Listener {
    /// What speaks against the other node, by what it says of itself.
    Optional<String> objection(@Nullable ConnectInfo info);

    void joined(Connection connection);

    void failed(String why);
  }

  private final Self self;
  private final Attempts attempts;
  private final Connection relay;
  private final Relayed relayed;
  private final Signal.Kind kind;
  private final Listener listener;
  private final Agenda.Alarm alarm;
  private Instant until = Instant.MAX;
  private @Nullable Attempt attempt;
  private @Nullable ConnectInfo info;
  private @Nullable String fingerprint;
  private boolean described;
  private boolean open;
  private boolean over;

  Upgrade(Parts parts, Connection relay, String stream, Signal.Kind kind, Listener listener) {
    this.self = parts.self;
    this.attempts = parts.attempts;
    this.relay = relay;
    this.kind = kind;
    this.listener = listener;
    this.relayed = new Relayed(self, relay, stream, this);
    this.alarm = self.agenda.alarm(this::tick);
  }

  /// The stream's name is known from now on, to us.
  void register() {
    relayed.open();
  }

  /// The stream carries from now on: magic and hello go out, and at once the offer if it is ours.
  void begin() {
    until = self.in(PxpLimits.UPGRADE_TIME);
    alarm.by(until);
    relayed.begin();
    if (kind == Signal.Kind.OFFER && attempt == null && !over) {
      attempt = attempts.upgrade(kind, this);
    }
  }

  @Override
  public void greeted(PxpMessage.Hello hello) {
    if (!open) {
      info = hello.info().orElse(null);
      objection(info).ifPresent(this::fail);
    }
  }

  private Optional<String> objection(@Nullable ConnectInfo of) {
    Optional<String> token = of == null ? Optional.empty() : of.token();
    if (token.isPresent() && token.get().equals(self.token)) {
      return Optional.of(Joining.OURSELVES);
    }
    Optional<ConnectInfo.Proof> proof = of == null ? Optional.empty() : of.proof();
    if (proof.isPresent() && !Proofs.holds(proof.get(), self.options.network(), token.orElse(""))) {
      return Optional.of("it does not hold the key that it shows");
    }
    return listener.objection(of);
  }

  /// Only the first description counts, and only one of the kind that is the other side's to make.
  @Override
  public void signalled(Signal signal) {
    if (over || open) {
      return;
    }
    if (signal instanceof Signal.Description description) {
      if (described || description.kind() == kind) {
        return;
      }
      described = true;
      fingerprint = Proofs.fingerprint(description.sdp()).orElse(null);
      if (!isSigned()) {
        fail("the certificate is not the one that its key has signed");
        return;
      }
    }
    if (attempt == null) {
      attempt = attempts.upgrade(kind, this);
    }
    attempts.pass(attempt, signal);
  }

  /// Who relays can change a description, but not what a key has signed.
  private boolean isSigned() {
    Optional<ConnectInfo.Proof> proof = info == null ? Optional.empty() : info.proof();
    return proof.isEmpty()
        || (fingerprint != null && Proofs.same(fingerprint, proof.get().fingerprint()));
  }

  @Override
  public void made(Signal signal) {
    relayed.signal(signal);
  }

  /// The relay is over. When both descriptions are exchanged the upgrade may still succeed.
  @Override
  public void over(String why) {
    if (open || over) {
      return;
    }
    if (described) {
      Instant sooner = self.in(ExchangeLimits.UPGRADE_ALONE_TIME);
      until = sooner.isBefore(until) ? sooner : until;
      alarm.by(until);
    } else {
      fail(why);
    }
  }

  /// The direct connection says hello, as the relayed one did: it must be the same node.
  @Override
  public Optional<String> objection(Connection connection, PxpMessage.Hello hello) {
    ConnectInfo now = hello.info().orElse(null);
    if (info == null || now == null) {
      return Optional.empty();
    }
    if (!info.token().equals(now.token())) {
      return Optional.of("it is another node than over the relay");
    }
    return info.proof().equals(now.proof())
        ? Optional.empty()
        : Optional.of("it shows another key than over the relay");
  }

  @Override
  public void opened() {
    open = true;
    alarm.off();
  }

  @Override
  public void joined(Connection connection) {
    if (!over) {
      over = true;
      relayed.close();
      alarm.off();
      listener.joined(connection);
    }
  }

  @Override
  public void failed(String why) {
    attempt = null;
    fail(why);
  }

  private void tick(Instant now) {
    if (!open && !now.isBefore(until)) {
      fail("no upgrade in time");
    } else if (!open) {
      alarm.by(until);
    }
  }

  /// Ends whatever is under way. Harmless if it has ended.
  void fail(String why) {
    if (over) {
      return;
    }
    over = true;
    alarm.off();
    relayed.close();
    if (attempt != null) {
      attempts.giveUp(attempt);
    }
    listener.failed(why);
  }

  @Override
  public Optional<PeerRef> introducer() {
    return Optional.of(relay.ref);
  }

  @Override
  public Optional<String> fingerprint() {
    return Optional.ofNullable(fingerprint);
  }
}
