package peerage.webrtc;

import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpUpgrade;
import peerage.pxp.Signal;

/// One side of an upgrade: passes its signals on and keeps what comes of it.
final class End implements PxpUpgrade.Observer {
  final CompletableFuture<ByteChannel> channel = new CompletableFuture<>();
  final CompletableFuture<String> failed = new CompletableFuture<>();
  final CompletableFuture<String> sdp = new CompletableFuture<>();
  private final List<Signal> early = new ArrayList<>();
  private PxpUpgrade.@Nullable Upgrade other;

  /// Says where the signals go.
  synchronized void to(PxpUpgrade.Upgrade upgrade) {
    other = upgrade;
    early.forEach(upgrade::take);
  }

  @Override
  public synchronized void made(Signal signal) {
    if (signal instanceof Signal.Description description) {
      sdp.complete(description.sdp());
    }
    if (other == null) {
      early.add(signal);
    } else {
      other.take(signal);
    }
  }

  @Override
  public void opened(ByteChannel opened, Optional<InetSocketAddress> remote) {
    if (remote.isEmpty() || !channel.complete(opened)) {
      System.out.println("FAILED: opened twice, or by nobody known");
      Runtime.getRuntime().halt(1);
    }
  }

  @Override
  public void failed(String why) {
    if (!failed.complete(why)) {
      System.out.println("FAILED: told twice that it failed");
      Runtime.getRuntime().halt(1);
    }
    channel.completeExceptionally(new IllegalStateException(why));
  }
}
