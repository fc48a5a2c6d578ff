package peerage.node;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpUpgrade;
import peerage.pxp.Endpoint;
import peerage.pxp.ExchangeOptions;
import peerage.pxp.ExchangeOptions.Ability;
import peerage.pxp.NetworkId;

/// What a [PxpNetwork] is to be like. Nothing has to be said; then it listens nowhere and knows
/// nobody, and [PxpNetwork#connect] and [PxpNetwork#adopt] bring peers.
public final class PxpBuilder {
  /// Connections at most, unless the application says otherwise.
  public static final int DEFAULT_PEERS_MAX = ExchangeOptions.PEERS_MAX;

  /// How long a stream may be left unread before it holds nobody back any more, unless the
  /// application says otherwise (guess).
  public static final Duration DEFAULT_READER_PAUSE = Duration.ofSeconds(5);

  final NetworkId network;
  final List<URI> listen = new ArrayList<>();
  final List<Endpoint> bootstrap = new ArrayList<>();
  final List<Consumer<PxpEvent>> listeners = new ArrayList<>();
  final List<PxpUpgrade.IceServer> iceServers = new ArrayList<>();
  final EnumSet<Ability> abilities = EnumSet.allOf(Ability.class);
  PxpUpgrade.Exposure exposure = PxpUpgrade.Exposure.ALL;
  PxpHandler handler = _ -> {};
  Duration readerPause = DEFAULT_READER_PAUSE;
  int keep;
  int peersMax = DEFAULT_PEERS_MAX;
  boolean listed = true;
  @Nullable Path memory;
  @Nullable SSLContext tls;
  @Nullable KeyPair identity;

  PxpBuilder(NetworkId network) {
    this.network = network;
  }

  /// Lets others connect, at one or more addresses: `tcp://:8000` on all interfaces,
  /// `tcp://127.0.0.1:0` at any free port of the loopback, `tls://`, `ws://:8080/pxp`, `wss://`.
  /// More calls add more.
  ///
  /// @throws IllegalArgumentException if one is no such address
  public PxpBuilder listen(String... uris) {
    for (String uri : uris) {
      listen.add(PxpUri.toListenAt(uri));
    }
    return this;
  }

  /// Where to enter the network, in order of preference. They are redialled with growing pauses
  /// when they are lost. More calls add more.
  ///
  /// @throws IllegalArgumentException if one is no address
  public PxpBuilder bootstrap(String... uris) {
    for (String uri : uris) {
      bootstrap.add(PxpUri.toDial(uri));
    }
    return this;
  }

  /// Looks for peers while there are fewer. Default 0: none is looked for, but for bootstrap nodes.
  public PxpBuilder keep(int peers) {
    if (peers < 0) {
      throw new IllegalArgumentException("keep is 0 or more, not " + peers);
    }
    keep = peers;
    return this;
  }

  /// Remembers the addresses of nodes that were reached in this file, at most 200, so that the next
  /// start needs no bootstrap node. Each network needs a file of its own. Default: nothing is
  /// remembered.
  public PxpBuilder remember(Path file) {
    memory = file;
    return this;
  }

  /// What to do with each peer that joins, whoever brought it. Default: nothing.
  public PxpBuilder onConnect(PxpHandler each) {
    handler = each;
    return this;
  }

  /// Has this called for everything that happens, from the start on; see [PxpNetwork#onEvent].
  /// More calls add more.
  public PxpBuilder onEvent(Consumer<PxpEvent> listener) {
    listeners.add(listener);
    return this;
  }

  /// Keys and trust for `tls://` and `wss://`. Default: the JDK's, which trusts public authorities
  /// and can connect, but not listen.
  public PxpBuilder tls(SSLContext context) {
    tls = context;
    return this;
  }

  /// Does not use WebRTC. Others reach us where we listen, or through a relay alone. Default: it is
  /// used if its module is there.
  public PxpBuilder withoutWebRtc() {
    abilities.remove(Ability.WEBRTC);
    return this;
  }

  /// Which of our addresses others learn by WebRTC. Default: all.
  public PxpBuilder webRtc(PxpUpgrade.Exposure shown) {
    exposure = shown;
    return this;
  }

  /// Uses a STUN server. None but these is ever contacted. Default: none.
  ///
  /// @param uri such as `stun:stun.example.org:3478`
  public PxpBuilder iceServer(String uri) {
    return iceServer(uri, "", "");
  }

  /// Uses a TURN server.
  ///
  /// @param uri such as `turn:turn.example.org:3478`
  public PxpBuilder iceServer(String uri, String user, String password) {
    iceServers.add(new PxpUpgrade.IceServer(uri, user, password));
    return this;
  }

  /// Neither names peers to others nor carries their signalling. Default: it does both.
  public PxpBuilder withoutRelaying() {
    abilities.remove(Ability.RELAYING);
    return this;
  }

  /// Does not tell others where we listen. Default: those who ask for peers may learn it.
  public PxpBuilder unlisted() {
    listed = false;
    return this;
  }

  /// Cannot be introduced to others through our peers. Default: others may find us.
  public PxpBuilder notIntroducible() {
    abilities.remove(Ability.INTRODUCIBLE);
    return this;
  }

  /// Shows a long-lived key, and proves it on connections that allow a proof. Default: none.
  ///
  /// @param keys an Ed25519 key pair
  /// @throws IllegalArgumentException if it is of another kind
  public PxpBuilder identity(KeyPair keys) {
    if (!"EdDSA".equals(keys.getPublic().getAlgorithm())
        && !"Ed25519".equals(keys.getPublic().getAlgorithm())) {
      throw new IllegalArgumentException(
          "an identity is an Ed25519 key pair, not " + keys.getPublic().getAlgorithm());
    }
    identity = keys;
    return this;
  }

  /// Connections at most. Default [#DEFAULT_PEERS_MAX].
  ///
  /// @param most 1 to 100,000
  public PxpBuilder peersMax(int most) {
    if (most < 1 || most > 100_000) {
      throw new IllegalArgumentException("peersMax is 1 to 100,000, not " + most);
    }
    peersMax = most;
    return this;
  }

  /// How long the application may pause between two reads of a stream while the peer waits for it.
  /// After that the connection is read on, and the stream given up when it grows too long. Default
  /// [#DEFAULT_READER_PAUSE].
  ///
  /// Peers are expected to pause as long at most: one that is silent for longer, and for a minute
  /// at least, is asked whether it lives, and closed if it does not answer.
  ///
  /// @param pause positive
  public PxpBuilder readerPause(Duration pause) {
    if (!pause.isPositive()) {
      throw new IllegalArgumentException("readerPause is positive, not " + pause);
    }
    readerPause = pause;
    return this;
  }

  /// Starts. Bootstrap nodes are connected to in the background.
  ///
  /// @throws PxpException if one of the addresses cannot be listened on
  public PxpNetwork open() throws PxpException {
    return new PxpNetwork(new PxpAssembly(this, PxpAssembly.Bounds.standard()));
  }
}
