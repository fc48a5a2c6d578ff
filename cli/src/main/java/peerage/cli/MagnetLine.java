package peerage.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import peerage.node.DownloadException;
import peerage.node.PeerReport;
import peerage.node.Peerage;
import peerage.node.Watch;
import peerage.peers.AddressClass;
import peerage.peers.PeerAddress;
import peerage.swarm.Direction;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage magnet`.
@Command(
    name = "magnet",
    description = "Write a magnet link that names live peers.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage magnet debian.torrent --peers 3",
      "  peerage magnet debian.torrent --no-peers",
      "",
      "A peer is named if we reached it and it is connected now, so whoever gets the link needs",
      "neither a tracker nor the DHT. Of a private torrent no peer is named."
    })
final class MagnetLine implements Callable<ExitCode> {
  /// How often it is looked whether enough peers are there.
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Terminal terminal;

  @Parameters(
      paramLabel = "X",
      description =
          "A .torrent file, the http(s) address of one, or a magnet link, whose peers are"
              + " replaced.")
  String source = "";

  @Option(
      names = "--peers",
      paramLabel = "N",
      description = "Name so many peers at most. Default: ${DEFAULT-VALUE}.")
  int peers = 5;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "Look for peers so long, or until there are enough. Default: 15s.")
  Duration time = Duration.ofSeconds(15);

  @Option(names = "--no-peers", description = "Name no peers, and do not look for any.")
  boolean noPeers;

  @Option(
      names = "--local-peers",
      description = "Name peers of the local network, too: a link for somebody in it.")
  boolean localPeers;

  @Mixin NetworkOptions network = new NetworkOptions();

  MagnetLine(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, DownloadException, InterruptedException {
    network.check();
    if (peers < 1 || peers > Magnet.MAX_PEERS) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "--peers is 1 to " + Magnet.MAX_PEERS + ": see --no-peers");
    }
    Named named = Sources.find(source);
    Magnet plain = plain(named);
    boolean isPrivate = named instanceof Named.Torrent(Metainfo torrent) && torrent.isPrivate();
    if (isPrivate && !noPeers) {
      sayPrivate();
    }
    terminal.out().println(noPeers || isPrivate ? plain : withPeers(named, plain));
    return ExitCode.OK;
  }

  private static Magnet plain(Named named) {
    return switch (named) {
      case Named.Torrent(Metainfo torrent) -> Magnet.of(torrent);
      case Named.Link(Magnet magnet) -> magnet.withPeers(List.of());
    };
  }

  private void sayPrivate() {
    terminal.note("the torrent is private: its peers are its tracker's to name, so none is named");
  }

  private Magnet withPeers(Named named, Magnet plain) throws CommandFailure {
    List<PeerAddress> given = network.resolvedPeers();
    try (Peerage peerage = TransferRun.open(network);
        Watch watch = named.watch(peerage)) {
      terminal.stop().onRequest(watch::close);
      given.forEach(watch::tell);
      List<Magnet.Endpoint> found = find(watch);
      Optional<Metainfo> torrent = watch.torrent();
      if (torrent.map(Metainfo::isPrivate).orElse(false)) {
        sayPrivate();
        return plain;
      }
      if (torrent.isEmpty()) { // it may be private, for all that we know
        terminal.note("no peer gave the metadata in " + Text.duration(time) + ": none is named");
        return plain;
      }
      if (found.isEmpty()) {
        terminal.note("reached no peer in " + Text.duration(time) + ": none is named");
      }
      return plain.withPeers(found);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.NETWORK, "cannot listen for peers: " + e.getMessage());
    }
  }

  private List<Magnet.Endpoint> find(Watch watch) {
    long end = System.nanoTime() + time.toNanos();
    List<Magnet.Endpoint> found = shareable(watch);
    while ((found.size() < peers || watch.torrent().isEmpty())
        && System.nanoTime() < end
        && !terminal.stop().isRequested()) {
      LockSupport.parkNanos(PAUSE.toNanos());
      found = shareable(watch);
    }
    return found;
  }

  /// Whom we reached ourselves, seeds first; who came to us may listen nowhere.
  private List<Magnet.Endpoint> shareable(Watch watch) {
    Stream<PeerReport> reached =
        watch.connected().stream()
            .filter(peer -> peer.direction() == Direction.OUTGOING)
            .filter(peer -> mayBeNamed(peer.address()))
            .sorted(Comparator.comparingDouble(peer -> -peer.share()));
    return reached
        .limit(peers)
        .map(peer -> new Magnet.Endpoint(peer.address().ip().toString(), peer.address().port()))
        .toList();
  }

  /// `--no-share` goes for links, too.
  private boolean mayBeNamed(PeerAddress address) {
    boolean isReachable = localPeers || AddressClass.of(address.ip()) == AddressClass.GLOBAL;
    return isReachable && network.noShare.stream().noneMatch(net -> net.contains(address.ip()));
  }
}
