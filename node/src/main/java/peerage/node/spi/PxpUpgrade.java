package peerage.node.spi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Optional;
import peerage.pxp.Signal;

/// Turns signals that a relay carries into a direct connection: WebRTC. Found by
/// [java.util.ServiceLoader]; creating the provider loads nothing heavy.
public interface PxpUpgrade {
  /// Loads what is needed and makes ready.
  ///
  /// @throws IOException if it cannot run on this machine, with a sentence that says what is
  /// missing
  Engine open(Options options) throws IOException;

  /// Ready for any number of upgrades.
  interface Engine extends AutoCloseable {
    /// The fingerprint of the certificate that all upgrades of this engine show, as it stands in
    /// their SDP (`sha-256 AB:CD:…`).
    String fingerprint();

    /// Begins one. It returns at once.
    Upgrade start(Side side, Observer observer);

    /// Ends all of them.
    @Override
    void close();
  }

  /// One that is under way or has become a connection.
  interface Upgrade extends AutoCloseable {
    /// Takes a signal of the other side, in the order of arrival. Never blocks, never throws; a bad
    /// description ends the upgrade by [Observer#failed]; a bad candidate, or a signal that comes
    /// too late, does nothing.
    void take(Signal signal);

    /// Ends it, and its connection if there is one. Twice is once.
    @Override
    void close();
  }

  /// Is told, from any thread, one call at a time.
  interface Observer {
    /// To be sent to the other side.
    void made(Signal signal);

    /// The channel is open: a blocking [ByteChannel] as [PxpWire] describes it.
    ///
    /// @param remote where the other side is, if known
    void opened(ByteChannel channel, Optional<InetSocketAddress> remote);

    /// It failed before it was open.
    ///
    /// @param why a clause to show
    void failed(String why);
  }

  /// Who makes the offer.
  enum Side {
    /// We do, and create the data channel: we asked for the new peer.
    OFFER,
    /// We answer.
    ANSWER
  }

  /// Which of our addresses the other side, and whoever relays, may see.
  enum Exposure {
    /// All.
    ALL,
    /// Not those of this machine's interfaces: what STUN and TURN servers see, only.
    NO_HOST,
    /// Only those of TURN servers.
    RELAY_ONLY
  }

  /// A STUN or TURN server.
  ///
  /// @param uri such as `stun:stun.example.org:3478`
  /// @param user empty for STUN
  /// @param password empty for STUN
  record IceServer(String uri, String user, String password) {}

  /// What an engine is told.
  ///
  /// @param iceServers whom to ask for our outer address; none but these is ever asked
  record Options(List<IceServer> iceServers, Exposure exposure) {}
}
