package peerage.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import peerage.node.DownloadException;
import peerage.node.Peerage;
import peerage.node.TorrentEvent;
import peerage.node.Watch;
import peerage.peers.PeerAddress;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;

/// Shows a magnet link: what it says itself, and what its metadata says.
final class ShowMagnet {
  private final NetworkOptions network;
  private final Terminal terminal;

  ShowMagnet(NetworkOptions network, Terminal terminal) {
    this.network = network;
    this.terminal = terminal;
  }

  /// What needs no peer.
  void print(Magnet magnet) {
    PrintStream out = terminal.out();
    out.println("Name:        " + magnet.name().orElse("not said"));
    out.println("Info-hash:   " + magnet.infoHash());
    magnet
        .length()
        .ifPresent(size -> out.println("Size:        " + Text.size(size) + " (claimed)"));
    Show.printTrackers(magnet.trackers(), out);
    list("Peers:", magnet.peers(), out);
    list("Web seeds (not used):", magnet.webSeeds(), out);
    if (!magnet.select().isEmpty()) {
      String chosen = String.join(",", magnet.select().stream().map(Object::toString).toList());
      out.println("Selects:     " + chosen + " (files, counted from 0)");
    }
  }

  private static void list(String title, List<?> items, PrintStream out) {
    if (!items.isEmpty()) {
      out.println(title);
      items.forEach(item -> out.printf(Locale.ROOT, "  %s%n", item));
    }
  }

  String document(Magnet magnet) {
    return Json.object(
        document -> {
          document
              .put("name", magnet.name())
              .put("info_hash", magnet.infoHash().toString())
              .textLists("trackers", magnet.trackers())
              .texts("peers", magnet.peers())
              .texts("web_seeds", magnet.webSeeds())
              .texts("select", magnet.select());
          magnet.length().ifPresent(size -> document.put("size", size));
        });
  }

  /// Gets the metadata from peers.
  Metainfo fetch(Magnet magnet, Duration limit)
      throws CommandFailure, DownloadException, InterruptedException {
    List<PeerAddress> given = network.resolvedPeers();
    try (Peerage peerage = TransferRun.open(network);
        Watch watch = peerage.watch(magnet, this::happened)) {
      terminal.stop().onRequest(watch::close);
      given.forEach(watch::tell);
      return await(watch, limit);
    } catch (DownloadException e) {
      throw e;
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.NETWORK, "cannot listen for peers: " + e.getMessage());
    }
  }

  private static Metainfo await(Watch watch, Duration limit)
      throws CommandFailure, DownloadException, InterruptedException {
    try {
      return watch.metadata().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      boolean nobody = watch.progress().peers() == 0;
      throw new CommandFailure(
          nobody ? ExitCode.NO_PEER : ExitCode.NO_METADATA,
          (nobody ? "found no peer of " : "no peer gave the metadata of ")
              + watch.name()
              + " in "
              + Text.duration(limit)
              + ": look longer with --for, or name a peer with --peer");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DownloadException why) {
        throw why;
      }
      throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getCause()));
    }
  }

  /// On the swarm's thread.
  private void happened(TorrentEvent event) {
    if (event instanceof TorrentEvent.MetadataFetching) {
      EventText.of(event).ifPresent(terminal::note);
    }
  }
}
