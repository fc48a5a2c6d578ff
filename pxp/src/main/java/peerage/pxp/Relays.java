package peerage.pxp;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/// What we carry between others: begins relays, within bounds.
final class Relays {
  private final Self self;
  private final Connections connections;
  private final SequencedSet<Relay> all = new LinkedHashSet<>();

  Relays(Self self, Connections connections) {
    this.self = self;
    this.connections = connections;
  }

  int size() {
    return all.size();
  }

  /// A peer asks for a relay to a candidate that we have named.
  void asked(Connection asker, PxpMessage.Relay message) {
    Optional<Connection> target = asker.offers.take(message.candidate());
    String name = "relay:" + message.candidate();
    Optional<String> refusal =
        target.isEmpty()
            ? Optional.of("unknown candidate: id=" + message.candidate())
            : refusal(asker, target.get(), name);
    if (refusal.isPresent()) {
      self.notice(new ExchangeNotice.AskerRefused(asker.ref, refusal.get()));
      asker.answer(PxpCodec.no(message.nonce(), "Peer requested " + refusal.get()));
    } else {
      begin(asker, target.get(), message, name);
    }
  }

  private Optional<String> refusal(Connection asker, Connection target, String name) {
    if (!self.options.can(ExchangeOptions.Ability.RELAYING)) {
      return Optional.of("a relay of a node that carries nothing");
    }
    if (asker.user(name).isPresent()) {
      return Optional.of("a relay twice");
    }
    if (asker.relays >= PxpLimits.RELAYS_PER_PEER_MAX
        || target.relays >= PxpLimits.RELAYS_PER_PEER_MAX
        || all.size() >= PxpLimits.RELAYS_MAX) {
      return Optional.of("a relay too many");
    }
    return Optional.empty();
  }

  private void begin(
      Connection asker, Connection target, PxpMessage.Relay message, String askerStream) {
    String id = target.offers.newId();
    Relay relay =
        new Relay(self, connections, asker, message.nonce(), askerStream, target, "relay:" + id);
    all.add(relay);
    relay.begin(this::over);
    target.ask(
        nonce -> PxpCodec.incoming(nonce, id),
        ExchangeLimits.INVITED_TIME,
        new Reply() {
          @Override
          public void came(JsonText args) {
            relay.join();
          }

          @Override
          public void missed(String why) {
            target.unlistedUntil = self.in(PxpLimits.UNRESPONSIVE_UNTOLD);
            relay.finish("the candidate does not answer: " + why);
          }
        });
  }

  private void over(Relay relay) {
    all.remove(relay);
  }

  /// Everything that is carried at the moment.
  List<Relay> all() {
    return List.copyOf(all);
  }
}
