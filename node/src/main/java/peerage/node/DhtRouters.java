package peerage.node;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Where the DHT is entered, by name: the routers, or the nodes that a torrent names. Names are
/// looked up on threads of their own, for that may take many seconds; each name's addresses are
/// passed on as soon as they are there, so that one that does not answer holds nobody up.
final class DhtRouters {
  private static final System.Logger LOG = System.getLogger("peerage.node");

  /// Addresses that are taken of one name (guess: some have four).
  private static final int MAX_ADDRESSES = 8;

  /// Addresses that are kept over all names: as many as the machine uses.
  private static final int MAX_KNOWN = 16;

  /// How long to wait for the last name before it may be asked again.
  private static final long PATIENCE_SECONDS = 30;

  private final List<String> hosts;
  private final Set<Family> families;
  private final Resolver resolver;
  private final LinkedHashSet<PeerAddress> known = new LinkedHashSet<>();
  private volatile boolean resolving;

  /// Who knows the addresses of names.
  interface Resolver {
    InetAddress[] lookUp(String name) throws UnknownHostException;
  }

  /// @param hosts `host:port` each; what is of another form is left out
  /// @param families those that we speak
  DhtRouters(List<String> hosts, Set<Family> families) {
    this(hosts, families, InetAddress::getAllByName);
  }

  DhtRouters(List<String> hosts, Set<Family> families, Resolver resolver) {
    this.hosts = List.copyOf(hosts);
    this.families = families;
    this.resolver = resolver;
  }

  /// Those of the public DHT; who uses a loopback address cannot reach them.
  ///
  /// @param local null for all addresses
  static List<String> standard(@Nullable IpAddress local) {
    return local != null && local.isLoopback() ? List.of() : Peerage.DHT_ROUTERS;
  }

  /// Looks all of them up, unless that is under way.
  void resolve(Consumer<List<PeerAddress>> found) {
    if (resolving || hosts.isEmpty()) {
      return;
    }
    resolving = true;
    var left = new CountDownLatch(hosts.size());
    for (String host : hosts) {
      Thread.ofVirtual()
          .name("dht router")
          .start(
              () -> {
                List<PeerAddress> addresses = addresses(host);
                if (!addresses.isEmpty()) {
                  found.accept(together(addresses));
                }
                left.countDown();
              });
    }
    Thread.ofVirtual().name("dht routers").start(() -> await(left));
  }

  private void await(CountDownLatch left) {
    try {
      if (!left.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.DEBUG, "a name of a DHT router is looked up for very long");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      resolving = false;
    }
  }

  /// With those that other names have had.
  private synchronized List<PeerAddress> together(List<PeerAddress> addresses) {
    known.addAll(addresses);
    while (known.size() > MAX_KNOWN) {
      known.removeFirst();
    }
    return List.copyOf(known);
  }

  private List<PeerAddress> addresses(String host) {
    var found = new ArrayList<PeerAddress>(PeerAddress.parse(host).stream().toList());
    int colon = host.lastIndexOf(':');
    if (found.isEmpty() && colon > 0 && host.substring(colon + 1).matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(host.substring(colon + 1));
      if (port >= 1 && port <= 0xFFFF) {
        found.addAll(lookUp(host.substring(0, colon), port));
      }
    }
    found.removeIf(address -> !families.contains(address.family()));
    return found;
  }

  private List<PeerAddress> lookUp(String name, int port) {
    try {
      return Arrays.stream(resolver.lookUp(name))
          .limit(MAX_ADDRESSES)
          .map(address -> new PeerAddress(Addresses.toIp(address), port))
          .toList();
    } catch (UnknownHostException _) {
      return List.of(); // no network yet, or gone: there are others, and it is asked again
    }
  }
}
