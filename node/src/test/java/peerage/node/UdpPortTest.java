package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
final class UdpPortTest {
  private static final IpAddress HERE = IpAddress.parse("127.0.0.1").orElseThrow();

  private final BlockingQueue<String> heard = new ArrayBlockingQueue<>(10);

  @Test
  void bencodeIsForTheDhtAndAnActionForTheTrackers() throws Exception {
    try (var ours = UdpPort.open(HERE, 0);
        var theirs = UdpPort.open(HERE, 0)) {
      ours.onDht((_, datagram) -> heard.add("dht " + text(datagram)));
      ours.onTracker((_, datagram) -> heard.add("tracker " + datagram.length));
      theirs.send(at(ours), bytes("de"));
      theirs.send(at(ours), new byte[] {0, 0, 0, 1});

      assertThat(heard.take()).isEqualTo("dht de");
      assertThat(heard.take()).isEqualTo("tracker 4");
    }
  }

  @Test
  void whatIsForNobodyIsCounted() throws Exception {
    try (var ours = UdpPort.open(HERE, 0);
        var theirs = UdpPort.open(HERE, 0)) {
      ours.onDht((_, datagram) -> heard.add(text(datagram)));
      theirs.send(at(ours), new byte[0]);
      theirs.send(at(ours), bytes("GET / HTTP/1.1"));
      theirs.send(at(ours), bytes("de"));

      assertThat(heard.take()).isEqualTo("de");
      assertThat(ours.unclaimed()).isEqualTo(2);
    }
  }

  @Test
  void theOneWhoSentItCanBeAnswered() throws Exception {
    try (var ours = UdpPort.open(HERE, 0);
        var theirs = UdpPort.open(HERE, 0)) {
      ours.onDht((from, _) -> ours.send(from, bytes("d2:ok1:ye")));
      theirs.onDht((from, datagram) -> heard.add(from.port() + " " + text(datagram)));
      theirs.send(at(ours), bytes("de"));

      assertThat(heard.take()).isEqualTo(ours.port() + " d2:ok1:ye");
    }
  }

  @Test
  void oneSocketServesBothFamilies() throws Exception {
    try (var ours = UdpPort.open(null, 0);
        var theirs = UdpPort.open(HERE, 0)) {
      ours.onDht((from, datagram) -> heard.add(from.family() + " " + text(datagram)));
      theirs.send(at(ours), bytes("de"));

      assertThat(heard.take()).isEqualTo("V4 de");
      assertThat(ours.families()).contains(Family.V4);
    }
  }

  @Test
  void aTakenPortIsNotTheEnd() throws IOException {
    try (var first = UdpPort.open(HERE, 0);
        var second = UdpPort.open(HERE, first.port())) {
      assertThat(second.port()).isNotEqualTo(first.port());
    }
  }

  @Test
  void aBugInWhoTakesADatagramCostsThatDatagramAlone() throws Exception {
    try (var ours = UdpPort.open(HERE, 0);
        var theirs = UdpPort.open(HERE, 0)) {
      ours.onDht(
          (_, datagram) -> {
            if (datagram.length == 2) {
              throw new IllegalStateException("on purpose");
            }
            heard.add(text(datagram));
          });
      theirs.send(at(ours), bytes("de"));
      theirs.send(at(ours), bytes("d1:ae"));

      assertThat(heard.take()).isEqualTo("d1:ae");
    }
  }

  @Test
  void whatCannotBeSentIsCounted() throws IOException {
    UdpPort closed = UdpPort.open(HERE, 0);
    closed.close();
    closed.send(at(closed), bytes("de"));

    assertThat(closed.unsent()).isEqualTo(1);
  }

  private static PeerAddress at(UdpPort port) {
    return new PeerAddress(HERE, port.port());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
