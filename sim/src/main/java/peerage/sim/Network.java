package peerage.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import peerage.peers.AddressClass;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// The virtual network: who is where, how long datagrams take, and which get lost.
final class Network {
  /// The median of one way; the internet between homes (guess).
  static final double LATENCY_MEDIAN_MILLIS = 50;

  /// The spread of the logarithm: one way in twenty takes longer than 135 ms (guess).
  static final double LATENCY_SPREAD = 0.6;

  private final Agenda agenda;
  private final RandomGenerator random;
  private final double loss;
  private final Lies lies;
  private final Map<PeerAddress, Inhabitant> inhabitants = new LinkedHashMap<>();
  private final CRC32C trace = new CRC32C();
  private long datagrams;
  private long bytes;

  Network(Agenda agenda, double loss, RandomGenerator random) {
    this.agenda = agenda;
    this.loss = loss;
    this.random = random;
    this.lies = new Lies(random);
  }

  Agenda agenda() {
    return agenda;
  }

  Instant now() {
    return agenda.now();
  }

  Lies lies() {
    return lies;
  }

  void enter(Inhabitant inhabitant) {
    inhabitants.put(inhabitant.address(), inhabitant);
  }

  void leave(Inhabitant inhabitant) {
    inhabitant.leave();
    inhabitants.remove(inhabitant.address());
  }

  /// An address of the internet at which nobody is.
  PeerAddress freeAddress() {
    PeerAddress address = randomAddress(random);
    while (inhabitants.containsKey(address)) {
      address = randomAddress(random);
    }
    return address;
  }

  static PeerAddress randomAddress(RandomGenerator random) {
    IpAddress ip = IpAddress.ofV4(random.nextInt());
    while (AddressClass.of(ip) != AddressClass.GLOBAL) {
      ip = IpAddress.ofV4(random.nextInt());
    }
    return new PeerAddress(ip, random.nextInt(1_024, 65_536));
  }

  void send(Inhabitant from, PeerAddress to, byte[] datagram) {
    datagrams++;
    bytes += datagram.length;
    note(datagram);
    if (random.nextDouble() >= loss) {
      double millis = LATENCY_MEDIAN_MILLIS * Math.exp(LATENCY_SPREAD * random.nextGaussian());
      agenda.in(
          Duration.ofNanos((long) (millis * 1_000_000)),
          () -> {
            Inhabitant receiver = inhabitants.get(to);
            if (receiver != null) {
              receiver.receive(from.address(), datagram);
            }
          });
    }
  }

  private void note(byte[] datagram) {
    long at = Duration.between(Instant.EPOCH, now()).toNanos();
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      trace.update((int) (at >>> shift));
    }
    trace.update(datagram);
  }

  long trace() {
    return trace.getValue();
  }

  long datagrams() {
    return datagrams;
  }

  long bytes() {
    return bytes;
  }
}
