package peerage.node;

import java.io.IOException;

/// What an application does with a peer.
@FunctionalInterface
public interface PxpHandler {
  /// Called once for every peer that joins, on a virtual thread of its own, which may block for as
  /// long as it likes. It is interrupted when the network is closed.
  ///
  /// When it returns, the peer stays connected; [PxpPeer#close()] parts from it. When it throws,
  /// only this connection is closed, and [PxpEvent.HandlerFailed] says why.
  ///
  /// @throws IOException if it gives this peer up
  /// @throws InterruptedException if it was interrupted
  void connected(PxpPeer peer) throws IOException, InterruptedException;
}
