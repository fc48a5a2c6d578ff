package peerage.pxp;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Others want to be introduced to us: we say yes by answering, and no by not answering, for there
/// is no other no.
final class Invitations {
  private final Parts parts;
  private final SequencedSet<Upgrade> upgrades = new LinkedHashSet<>();

  Invitations(Parts parts) {
    this.parts = parts;
  }

  /// How many are under way.
  int size() {
    return upgrades.size();
  }

  /// A peer says that somebody waits at the other end of a relay.
  void asked(Connection relay, PxpMessage.Incoming message) {
    String stream = "relay:" + message.relay();
    if (relay.user(stream).isPresent() || !isWelcome(relay)) {
      return;
    }
    if (parts.self.options.can(ExchangeOptions.Ability.WEBRTC)) {
      invite(relay, stream, message.nonce());
    } else {
      take(relay, stream, message.nonce());
    }
  }

  private boolean isWelcome(Connection relay) {
    return parts.self.options.can(ExchangeOptions.Ability.INTRODUCIBLE)
        && parts.room.isThere()
        && upgrades.size() < PxpLimits.INVITATIONS_MAX
        && relay.invitations < PxpLimits.INVITATIONS_PER_PEER_MAX;
  }

  /// The stream's name is known first, then comes our answer, then our first bytes.
  private void invite(Connection relay, String stream, JsonText nonce) {
    Invited invited = new Invited(relay);
    Upgrade upgrade = new Upgrade(parts, relay, stream, Signal.Kind.ANSWER, invited);
    invited.upgrade = upgrade;
    upgrades.add(upgrade);
    relay.invitations++;
    upgrade.register();
    relay.answer(PxpCodec.yes(nonce));
    upgrade.begin();
  }

  /// Without upgrades the relay's stream is the application's.
  private void take(Connection relay, String stream, JsonText nonce) {
    Peer peer = parts.peers.prepare(parts.connections.nextRef(), relay, stream);
    relay.open(stream, peer);
    relay.answer(PxpCodec.yes(nonce));
    parts.peers.join(
        peer,
        new PeerInfo(
            Role.ACCEPT,
            new Route(Transport.RELAY, Optional.empty()),
            Optional.of(relay.ref),
            Optional.empty(),
            Optional.empty(),
            List.of()));
  }

  private final class Invited implements Upgrade.Listener {
    private final Connection relay;
    private @Nullable Upgrade upgrade;

    private Invited(Connection relay) {
      this.relay = relay;
    }

    /// Who is connected to us already need not be upgraded; it learns it by the stream's end.
    @Override
    public Optional<String> objection(@Nullable ConnectInfo info) {
      return parts.connections.isKnown(info == null ? Optional.empty() : info.token())
          ? Optional.of(Joining.CONNECTED_ALREADY)
          : Optional.empty();
    }

    @Override
    public void joined(Connection connection) {
      over();
    }

    @Override
    public void failed(String why) {
      over();
    }

    private void over() {
      relay.invitations--;
      if (upgrade != null) {
        upgrades.remove(upgrade);
      }
    }
  }
}
