package peerage.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpUpgrade;
import peerage.pxp.Attempt;
import peerage.pxp.Exchange;
import peerage.pxp.Role;
import peerage.pxp.Route;
import peerage.pxp.Signal;
import peerage.pxp.Transport;

/// The WebRTC side of one network, if there is any. Owned by the loop.
final class PxpUpgrades {
  /// What is there instead of an engine.
  ///
  /// @param why a sentence; empty if nobody wanted one
  record Outcome(Optional<PxpUpgrade.Engine> engine, String why) {}

  private final PxpLoop loop;
  private final PxpUpgrade.@Nullable Engine engine;
  private final Map<Attempt, PxpUpgrade.Upgrade> running = new TreeMap<>();

  PxpUpgrades(PxpLoop loop, Optional<PxpUpgrade.Engine> engine) {
    this.loop = loop;
    this.engine = engine.orElse(null);
  }

  /// Looks for WebRTC and makes it ready.
  static Outcome load(PxpUpgrade.Options options) {
    try {
      var loader = ServiceLoader.load(PxpUpgrade.class, PxpUpgrade.class.getClassLoader());
      Optional<PxpUpgrade> found = loader.findFirst();
      return found.isPresent()
          ? new Outcome(Optional.of(found.get().open(options)), "")
          : new Outcome(
              Optional.empty(),
              "there is no WebRTC: add the module peerage.webrtc to be introduced to peers");
    } catch (IOException | ServiceConfigurationError | LinkageError e) {
      return new Outcome(
          Optional.empty(), "WebRTC does not work on this machine: " + PxpWires.said(e));
    }
  }

  void begin(Attempt attempt, Signal.Kind kind) {
    PxpUpgrade.Engine ready = engine;
    if (ready == null) {
      loop.handle(new Exchange.Input.AttemptFailed(attempt, "there is no WebRTC here"));
      return;
    }
    var side =
        switch (kind) {
          case OFFER -> PxpUpgrade.Side.OFFER;
          case ANSWER -> PxpUpgrade.Side.ANSWER;
        };
    try {
      running.put(attempt, ready.start(side, new Watcher(attempt, roleOf(kind))));
    } catch (RuntimeException e) { // foreign code below
      String why = "WebRTC failed: " + PxpWires.said(e);
      loop.handle(new Exchange.Input.AttemptFailed(attempt, why));
    }
  }

  private static Role roleOf(Signal.Kind kind) {
    return switch (kind) {
      case OFFER -> Role.CONNECT;
      case ANSWER -> Role.ACCEPT;
    };
  }

  void pass(Attempt attempt, Signal signal) {
    PxpUpgrade.Upgrade upgrade = running.get(attempt);
    if (upgrade != null) {
      upgrade.take(signal);
    }
  }

  /// Ends an attempt, if it is one of these.
  void giveUp(Attempt attempt) {
    PxpUpgrade.Upgrade upgrade = running.remove(attempt);
    if (upgrade != null) {
      upgrade.close();
    }
  }

  /// Ends all of them. May block.
  void close() {
    PxpUpgrade.Engine ready = engine;
    if (ready != null) {
      ready.close();
    }
  }

  private void opened(
      Attempt attempt, Role role, ByteChannel channel, Optional<InetSocketAddress> remote) {
    PxpUpgrade.Upgrade upgrade = running.remove(attempt);
    if (upgrade == null) {
      PxpLinks.closeQuietly(channel); // given up meanwhile
      return;
    }
    var route =
        new Route(Transport.WEBRTC, remote.map(address -> Addresses.toIp(address.getAddress())));
    loop.links().open(channel, role, route, attempt, upgrade::close);
  }

  private void failed(Attempt attempt, String why) {
    PxpUpgrade.Upgrade upgrade = running.remove(attempt);
    if (upgrade != null) {
      upgrade.close();
      loop.handle(new Exchange.Input.AttemptFailed(attempt, why));
    }
  }

  /// Tells the loop what an upgrade does.
  private final class Watcher implements PxpUpgrade.Observer {
    private final Attempt attempt;
    private final Role role;

    Watcher(Attempt attempt, Role role) {
      this.attempt = attempt;
      this.role = role;
    }

    @Override
    public void made(Signal signal) {
      loop.post(() -> loop.handle(new Exchange.Input.SignalMade(attempt, signal)));
    }

    @Override
    public void opened(ByteChannel channel, Optional<InetSocketAddress> remote) {
      loop.postOrElse(
          () -> PxpUpgrades.this.opened(attempt, role, channel, remote),
          () -> PxpLinks.closeQuietly(channel));
    }

    @Override
    public void failed(String why) {
      loop.post(() -> PxpUpgrades.this.failed(attempt, why));
    }
  }
}
