package peerage.pxp;

import java.util.Optional;

/// A dial whose endpoint is worth remembering once a node has answered there.
///
/// @param next who really waits for it
record Reached(Self self, Endpoint endpoint, Trial next) implements Trial {
  @Override
  public Optional<String> objection(Connection connection, PxpMessage.Hello hello) {
    return next.objection(connection, hello);
  }

  @Override
  public void joined(Connection connection) {
    self.say(new Exchange.Output.Reached(endpoint));
    next.joined(connection);
  }

  @Override
  public void failed(String why) {
    next.failed(why);
  }

  @Override
  public void lost() {
    next.lost();
  }

  @Override
  public Optional<PeerRef> introducer() {
    return next.introducer();
  }
}
