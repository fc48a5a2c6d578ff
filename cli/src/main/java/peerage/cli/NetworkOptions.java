package peerage.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import peerage.node.Peerage;
import peerage.peers.PeerAddress;
import peerage.peers.Subnet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of every command that meets peers.
final class NetworkOptions {
  @Option(
      names = "--peer",
      paramLabel = "HOST:PORT",
      description = "A peer to connect to; may be repeated. One is enough to meet the others.",
      converter = HostPort.Converter.class)
  List<HostPort> peers = new ArrayList<>();

  @Option(
      names = "--port",
      paramLabel = "N",
      description =
          "The port to listen on, 0 for any. Default: ${DEFAULT-VALUE}, or the next free one.")
  int port = 51413;

  @Mixin BindOption bind = new BindOption();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where progress is remembered. Default: the folder peerage in $XDG_STATE_HOME, or in"
              + " ~/.local/state.")
  @Nullable Path state;

  @Option(
      names = "--no-memory",
      description =
          "Neither remember the peers that were reached, for a later start, nor use those that are"
              + " remembered.")
  boolean noMemory;

  @Option(names = "--no-dht", description = "Take no part in the DHT.")
  boolean noDht;

  @Option(
      names = "--dht-router",
      paramLabel = "HOST:PORT",
      description =
          "Where to enter the DHT; may be repeated. Default: the public routers; with a loopback"
              + " address in --bind, none.")
  List<String> dhtRouters = new ArrayList<>();

  @Option(
      names = "--no-lan",
      description = "Neither look for peers on the local network nor announce yourself there.")
  boolean noLan;

  @Option(
      names = "--no-connect",
      paramLabel = "NET",
      split = ",",
      converter = Subnets.class,
      description =
          "Have no connections with these addresses, such as 10.0.0.0/8; may be repeated.")
  List<Subnet> noConnect = new ArrayList<>();

  @Option(
      names = "--no-share",
      paramLabel = "NET",
      split = ",",
      converter = Subnets.class,
      description = "Tell no peer of these addresses; may be repeated.")
  List<Subnet> noShare = new ArrayList<>();

  @Option(
      names = "--down-limit",
      paramLabel = "RATE",
      description = "Receive at most this much: KiB/s as a number, or 500K, 2M. Default: no limit.",
      converter = Quantity.Rate.class)
  long downLimit;

  @Option(
      names = "--up-limit",
      paramLabel = "RATE",
      description = "Send at most this much: KiB/s as a number, or 500K, 2M. Default: no limit.",
      converter = Quantity.Rate.class)
  long upLimit;

  /// The peers that were named, looked up.
  List<PeerAddress> resolvedPeers() throws CommandFailure {
    List<PeerAddress> resolved = new ArrayList<>();
    for (HostPort peer : peers) {
      resolved.addAll(peer.resolve());
    }
    return resolved;
  }

  /// Sets the means of first contact.
  void discovery(Peerage.Builder builder) {
    if (noDht) {
      builder.withoutDht();
    }
    if (!dhtRouters.isEmpty()) {
      builder.dhtRouters(dhtRouters);
    }
    if (noLan) {
      builder.withoutLan();
    }
  }

  /// Refuses what cannot be.
  void check() throws CommandFailure {
    checkPort(port);
    DhtRouter.checked(dhtRouters);
  }

  static void checkPort(int port) throws CommandFailure {
    if (port < 0 || port > 0xFFFF) {
      throw new CommandFailure(ExitCode.BAD_OPTION, "--port is 0 to 65535, not " + port);
    }
  }
}
