package peerage.node;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import peerage.announce.AnnounceEvent;
import peerage.announce.AnnounceRequest;
import peerage.announce.SwarmFigures;
import peerage.announce.UdpRequest;
import peerage.announce.UdpResponse;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;

/// A small UDP tracker on the loopback network, that remembers what it was asked.
final class UdpTracker implements AutoCloseable {
  private static final long CONNECTION = 0x1122334455667788L;

  private final DatagramSocket socket;
  private final List<UdpRequest> requests = new CopyOnWriteArrayList<>();
  private final Map<PeerAddress, InfoHash> peers = new LinkedHashMap<>();
  private volatile Predicate<UdpRequest> isAnswered = _ -> true;
  private volatile boolean forges;

  UdpTracker(String ip) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(ip), 0));
    Thread.ofVirtual().name("udp tracker").start(this::serve);
  }

  String url(String path) {
    var at = (InetSocketAddress) socket.getLocalSocketAddress();
    String ip = at.getAddress().getHostAddress();
    return "udp://" + (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + at.getPort() + path;
  }

  /// It says nothing to anything else, from now on.
  void answersOnly(Predicate<UdpRequest> these) {
    isAnswered = these;
  }

  /// Before each answer, another socket sends one of its own making, from now on.
  void isForged() {
    forges = true;
  }

  List<UdpRequest> requests() {
    return List.copyOf(requests);
  }

  List<UdpRequest.Announce> announces() {
    return requests.stream()
        .filter(UdpRequest.Announce.class::isInstance)
        .map(UdpRequest.Announce.class::cast)
        .toList();
  }

  private void serve() {
    var packet = new DatagramPacket(new byte[UdpRequest.MAX_BYTES], UdpRequest.MAX_BYTES);
    while (!socket.isClosed()) {
      try {
        socket.receive(packet);
        byte[] datagram = Arrays.copyOf(packet.getData(), packet.getLength());
        take(UdpRequest.decode(datagram), (InetSocketAddress) packet.getSocketAddress());
      } catch (IOException | MalformedMessage _) {
        // closed, or not for us
      }
    }
  }

  private void take(UdpRequest request, InetSocketAddress from) throws IOException {
    requests.add(request);
    if (!isAnswered.test(request)) {
      return;
    }
    if (forges) {
      try (var stranger = new DatagramSocket(new InetSocketAddress(socket.getLocalAddress(), 0))) {
        send(stranger, forged(request), from);
      }
    }
    send(socket, answer(request, from), from);
  }

  private static void send(DatagramSocket by, UdpResponse response, SocketAddress to)
      throws IOException {
    byte[] datagram = response.encode();
    by.send(new DatagramPacket(datagram, datagram.length, to));
  }

  private static UdpResponse forged(UdpRequest request) {
    return new UdpResponse.Refused(request.transaction(), "forged");
  }

  private UdpResponse answer(UdpRequest request, InetSocketAddress from) {
    return switch (request) {
      case UdpRequest.Connect(int transaction) ->
          new UdpResponse.Connected(transaction, CONNECTION);
      case UdpRequest.Announce(long connection, int transaction, var _, var _)
          when connection != CONNECTION ->
          new UdpResponse.Refused(transaction, "no such connection");
      case UdpRequest.Announce(long _, int transaction, var announce, var _) ->
          announced(transaction, announce, Addresses.toIp(from.getAddress()).family(), from);
      case UdpRequest.Scrape(long _, int transaction, var hashes) ->
          new UdpResponse.Scraped(
              transaction, hashes.stream().map(_ -> new SwarmFigures(1, 2, 3)).toList());
    };
  }

  private UdpResponse announced(
      int transaction, AnnounceRequest announce, Family family, InetSocketAddress from) {
    List<PeerAddress> others =
        peers.entrySet().stream()
            .filter(it -> it.getValue().equals(announce.infoHash()))
            .map(Map.Entry::getKey)
            .filter(it -> it.family() == family)
            .toList();
    var peer = new PeerAddress(Addresses.toIp(from.getAddress()), announce.port());
    if (announce.event().equals(Optional.of(AnnounceEvent.STOPPED))) {
      peers.remove(peer);
    } else {
      peers.put(peer, announce.infoHash());
    }
    return new UdpResponse.Announced(transaction, Duration.ofMinutes(30), 1, 1, others, 0);
  }

  @Override
  public void close() {
    socket.close();
  }
}
