package peerage.node;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.dht.Dht;
import peerage.dht.DhtOptions;
import peerage.dht.DhtStatus;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// A node of the DHT by itself, without torrents: a router by which others enter, or somebody who
/// looks something up.
///
/// ```java
/// try (var router = DhtNode.builder().port(6881).router().open()) {
///   System.out.println("enter by " + router.addresses());
/// }
/// ```
///
/// It contacts nobody but the routers that it is given, the nodes that it remembers, and those who
/// contact it. Thread-safe.
public final class DhtNode implements AutoCloseable {
  private final UdpPort udp;
  private final DhtLoop loop;
  private final @Nullable IpAddress local;

  private DhtNode(Builder builder) throws IOException {
    local = builder.local;
    udp = UdpPort.open(local, builder.port);
    DhtMemory memory = builder.state == null ? DhtMemory.none() : DhtMemory.of(builder.state);
    var options = new DhtOptions(builder.readOnly, builder.router);
    loop = new DhtLoop(udp, new MonotonicClock(), memory, builder.entrances(), options);
    if (builder.readOnly) {
      loop.start();
    } else {
      loop.enter();
    }
  }

  /// For everything that has a default.
  public static Builder builder() {
    return new Builder();
  }

  /// The UDP port: the preferred one unless that was taken.
  public int port() {
    return udp.port();
  }

  /// Where others reach us, as far as this machine knows.
  public List<PeerAddress> addresses() {
    List<IpAddress> ips = local == null ? Addresses.ofThisMachine() : List.of(local);
    return ips.stream()
        .filter(ip -> udp.families().contains(ip.family()))
        .map(ip -> new PeerAddress(ip, port()))
        .toList();
  }

  /// How it does.
  ///
  /// @throws IllegalStateException if it is closed
  public DhtStatus status() {
    return loop.status().orElseThrow(() -> new IllegalStateException("the node is closed"));
  }

  /// Datagrams that came too fast to be looked at.
  public long dropped() {
    return loop.dropped();
  }

  /// Begins a task.
  ///
  /// @param sink told of what the task comes to, at last of [Dht.Output.Done]; on the node's own
  ///     thread, so it must not wait
  /// @return the task's number
  public int begin(Dht.Task task, Consumer<Dht.Output> sink) {
    return loop.begin(task, sink);
  }

  /// Forgets a task: its sink is told nothing more.
  public void cancel(int task) {
    loop.cancel(task);
  }

  /// Saves whom it knows, and ends.
  @Override
  public void close() {
    loop.close();
    udp.close();
  }

  /// What has a default.
  public static final class Builder {
    private int port;
    private @Nullable IpAddress local;
    private @Nullable Path state;
    private @Nullable List<String> routers = List.of();
    private boolean router;
    private boolean readOnly;

    private Builder() {}

    /// Where to listen with UDP: if that port is taken, on the next free one of the twenty above
    /// it, else on any. Default: 0, any.
    public Builder port(int preferred) {
      port = NearbyPort.checked(preferred);
      return this;
    }

    /// The address to use. Default: all.
    public Builder address(InetAddress bind) {
      local = bind.isAnyLocalAddress() ? null : Addresses.toIp(bind);
      return this;
    }

    /// A folder in which to remember nodes for the next start. Default: nothing is remembered.
    public Builder state(Path directory) {
      state = directory;
      return this;
    }

    /// Where to enter a DHT, `host:port` each. Default: nowhere, which makes a DHT of its own.
    public Builder routers(List<String> hosts) {
      routers = List.copyOf(hosts);
      return this;
    }

    /// Enters the public DHT by [Peerage#DHT_ROUTERS]; on a loopback address by nothing.
    public Builder publicRouters() {
      routers = null;
      return this;
    }

    private List<String> entrances() {
      return routers == null ? DhtRouters.standard(local) : routers;
    }

    /// Is there for newcomers: answers more than another node does.
    public Builder router() {
      router = true;
      return this;
    }

    /// Only asks, and answers nothing (BEP 43): for whoever is gone in a moment, and had better be
    /// in nobody's routing table.
    public Builder readOnly() {
      readOnly = true;
      return this;
    }

    /// Opens.
    ///
    /// @throws IllegalArgumentException if a router is to be read-only
    ///
    /// @throws IOException if no port can be listened on
    public DhtNode open() throws IOException {
      return new DhtNode(this);
    }
  }
}
