package peerage.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import peerage.node.spi.PxpWire;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.pxp.Endpoint;
import peerage.pxp.Role;
import peerage.pxp.Route;

/// Where one network listens, and who may come in there.
final class PxpListening {
  /// Of our own addresses so many are told for one that we listen on (guess).
  private static final int TOLD_MAX = 4;

  private record Place(URI asked, PxpWire.Listening listening) {}

  private final List<Place> places = new ArrayList<>();
  private final PxpDoor door;
  private final PxpCounters counters;
  private final CompletableFuture<PxpLoop> loop = new CompletableFuture<>();

  PxpListening(PxpDoor door, PxpCounters counters) {
    this.door = door;
    this.counters = counters;
  }

  /// Listens at one more place.
  ///
  /// @throws PxpException if that is not possible
  void add(URI where, PxpWire wire, PxpWire.Options options) throws PxpException {
    try {
      var listening =
          wire.listen(where, options, (channel, remote) -> accept(where, channel, remote));
      places.add(new Place(where, listening));
    } catch (IOException e) {
      throw new PxpException(
          PxpException.Reason.CANNOT_LISTEN,
          "cannot listen on " + where + ": " + PxpWires.said(e) + "; choose another address",
          e);
    }
  }

  /// From now on who comes is passed on; who came before was waiting for that.
  void passTo(PxpLoop running) {
    loop.complete(running);
  }

  private void accept(URI where, ByteChannel channel, InetSocketAddress remote) {
    IpAddress ip = Addresses.toIp(remote.getAddress());
    if (!door.admits(ip)) {
      counters.turnedAway.increment();
      PxpLinks.closeQuietly(channel);
      return;
    }
    counters.accepted.increment();
    var route = new Route(PxpWires.transportOf(where), Optional.of(ip));
    var arrival = new PxpArrival();
    arrival.whenSettled(() -> door.settled(ip));
    try {
      loop.join().links().arrive(channel, Role.ACCEPT, route, arrival);
    } catch (CompletionException _) {
      arrival.cancel(); // it never started
      PxpLinks.closeQuietly(channel);
    }
  }

  /// With the ports that were taken, in the order of asking.
  List<URI> addresses() {
    return places.stream().map(PxpListening::actual).toList();
  }

  private static URI actual(Place place) {
    String host = place.asked.getHost() == null ? "" : place.asked.getHost();
    return at(place, host);
  }

  private static URI at(Place place, String host) {
    String path = place.asked.getRawPath() == null ? "" : place.asked.getRawPath();
    int port = place.listening.address().getPort();
    return URI.create(PxpUri.schemeOf(place.asked) + "://" + host + ":" + port + path);
  }

  /// What others may be told: for all of this machine's addresses the ones that could be reached
  /// from elsewhere; where a certificate is checked, only a host that was named.
  List<Endpoint> endpoints() {
    return places.stream().flatMap(PxpListening::endpoints).toList();
  }

  private static Stream<Endpoint> endpoints(Place place) {
    boolean isNamed =
        place.asked.getHost() != null
            && !place.listening.address().getAddress().isAnyLocalAddress();
    if (isNamed) {
      return Stream.of(new Endpoint(actual(place)));
    }
    return switch (PxpUri.schemeOf(place.asked)) {
      case "tls", "wss" -> Stream.empty();
      default ->
          Addresses.ofThisMachine().stream()
              .limit(TOLD_MAX)
              .map(ip -> new Endpoint(at(place, inUri(ip))));
    };
  }

  private static String inUri(IpAddress ip) {
    return ip.family() == Family.V6 ? "[" + ip + "]" : ip.toString();
  }

  void close() {
    loop.completeExceptionally(new IllegalStateException("not opened"));
    places.forEach(place -> place.listening.close());
  }
}
