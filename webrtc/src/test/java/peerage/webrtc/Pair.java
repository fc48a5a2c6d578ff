package peerage.webrtc;

import java.util.concurrent.TimeUnit;
import peerage.node.spi.PxpUpgrade;

/// Two ends that are connected.
final class Pair implements AutoCloseable {
  final End left = new End();
  final End right = new End();
  private final PxpUpgrade.Upgrade offering;
  private final PxpUpgrade.Upgrade answering;

  Pair(PxpUpgrade.Engine one, PxpUpgrade.Engine other) throws Exception {
    offering = one.start(PxpUpgrade.Side.OFFER, left);
    answering = other.start(PxpUpgrade.Side.ANSWER, right);
    left.to(answering);
    right.to(offering);
    left.channel.get(10, TimeUnit.SECONDS);
    right.channel.get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    offering.close();
    answering.close();
  }
}
