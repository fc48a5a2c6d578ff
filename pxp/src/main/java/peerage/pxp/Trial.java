package peerage.pxp;

import java.util.Optional;

/// Who has a connection made, and waits for what becomes of it. Exactly one of [#joined] and
/// [#failed] is called, once.
interface Trial {
  /// What speaks against the other side, by what it says of itself; empty if nothing does.
  Optional<String> objection(Connection connection, PxpMessage.Hello hello);

  /// The stream is open; the connection's own time limits hold from now on.
  default void opened() {}

  /// It is a peer now.
  void joined(Connection connection);

  /// It will be none.
  ///
  /// @param why a clause to show
  void failed(String why);

  /// The connection that was made before is gone. Only after [#joined].
  default void lost() {}

  /// Our side of the upgrade made a signal.
  default void made(Signal signal) {}

  /// Which peer brought the two of us together.
  default Optional<PeerRef> introducer() {
    return Optional.empty();
  }

  /// The fingerprint in the other side's description, if this is an upgrade.
  default Optional<String> fingerprint() {
    return Optional.empty();
  }
}
