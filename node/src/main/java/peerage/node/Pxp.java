package peerage.node;

import peerage.pxp.NetworkId;

/// Networks of the Peer Exchange Protocol, which the npm package `peer-exchange` speaks: connected
/// peers introduce others to each other, and carry the signalling by which those connect directly.
///
/// ```java
/// try (var net = Pxp.network("my-app")
///     .listen("tcp://:8000")
///     .bootstrap("tcp://10.0.0.1:8000")
///     .keep(8)
///     .onConnect(peer -> {
///       peer.output().write("hello\n".getBytes());
///       peer.input().transferTo(System.out);
///     })
///     .open()) {
///   net.awaitClosed();
/// }
/// ```
public final class Pxp {
  private Pxp() {}

  /// Begins to take part in a network. Everything has a default; [PxpBuilder#open()] starts it.
  ///
  /// @param id the network's name: nodes of the same name find each other. 1 to 251 bytes of UTF-8
  /// @throws IllegalArgumentException if it is empty or too long
  public static PxpBuilder network(String id) {
    return new PxpBuilder(new NetworkId(id));
  }
}
