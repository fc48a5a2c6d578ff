package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import peerage.node.PxpNets.Net;

/// Who waits for whom when a stream is read slowly, or not at all.
@Timeout(120)
class PxpFlowTest {
  private static final int MIB = 1 << 20;

  /// Unread bytes at which a stream is given up.
  private static final int LIMIT = 4 * MIB;

  /// What may be on the way between a slow reader and a writer that waits: the stream's backlog,
  /// what the loop has not come to, the queue, one write, and the system's socket buffers, which
  /// are the most.
  private static final int ON_THE_WAY_MAX = 24 * MIB;

  private record Pair(PxpPeer near, PxpPeer far) {}

  private static Pair pair(Net client, Net server) throws Exception {
    PxpPeer near = client.network().connect(server.address());
    PxpPeer far =
        server
            .await(
                PxpEvent.Joined.class,
                e -> e.peer().token().equals(java.util.Optional.of(client.network().token())))
            .peer();
    return new Pair(near, far);
  }

  /// Writes on a thread of its own, and says how much it has written.
  private static BlockingQueue<Long> flood(PxpPeer peer, long total) {
    var progress = new ArrayBlockingQueue<Long>(100_000);
    Thread.ofVirtual()
        .start(
            () -> {
              byte[] piece = new byte[64 * 1024];
              try {
                for (long done = 0; done < total; done += piece.length) {
                  Arrays.fill(piece, (byte) (done / piece.length));
                  peer.output().write(piece);
                  progress.add(done + piece.length);
                }
                peer.output().close();
              } catch (IOException _) {
                // the test is over
              }
            });
    return progress;
  }

  /// The last progress before nothing moved for a while.
  private static long stalledAt(BlockingQueue<Long> progress) throws InterruptedException {
    long last = 0;
    Long next = progress.poll(30, TimeUnit.SECONDS);
    while (next != null) {
      last = next;
      next = progress.poll(300, TimeUnit.MILLISECONDS);
    }
    return last;
  }

  @Test
  void oneUnreadStreamNeverStallsAnother() throws Exception {
    try (var nets = new PxpNets()) {
      Net middle = nets.open(PxpNets.listening());
      Net target = nets.open(PxpNets.listening().bootstrap(middle.address()));
      Net asker = nets.open(PxpNets.quiet());
      Pair unread = pair(asker, middle);
      var progress = flood(unread.far, 64 * MIB);
      asker.await(PxpEvent.StreamGivenUp.class);

      // the control stream of the same connection works, and so does another stream
      PxpPeer found = asker.network().newPeer();
      found.send("hello".getBytes(UTF_8));
      PxpPeer far =
          target
              .await(
                  PxpEvent.Joined.class,
                  e -> e.peer().token().equals(java.util.Optional.of(asker.network().token())))
              .peer();
      assertThat(far.receive()).isPresent();
      assertThat(stalledAt(progress)).isEqualTo(64 * MIB); // the writer was not held up, either
      unread.near.send("we still write".getBytes(UTF_8));
      assertThat(unread.far.receive()).isPresent();
    }
  }

  @Test
  void relayedStreamsOfOneConnectionDoNotStallEachOther() throws Exception {
    try (var nets = new PxpNets()) {
      Net middle = nets.open(PxpNets.listening());
      Net target = nets.open(PxpNets.quiet().bootstrap(middle.address()));
      PxpNets.awaitPeers(target, 1);
      Net asker = nets.open(PxpNets.quiet());
      Pair direct = pair(asker, middle);
      PxpPeer relayed = asker.network().newPeer();
      flood(direct.far, 64 * MIB); // and nobody reads

      asker.await(PxpEvent.StreamGivenUp.class);
      relayed.send("through the same connection".getBytes(UTF_8));
      PxpPeer far =
          target
              .await(
                  PxpEvent.Joined.class, e -> e.peer().transport() == peerage.pxp.Transport.RELAY)
              .peer();
      assertThat(far.receive()).isPresent();
      far.send("and back".getBytes(UTF_8));
      assertThat(relayed.receive()).isPresent();
    }
  }

  @Test
  void whatWasKeptOfAStreamThatWasGivenUpIsReadAndThenItIsSaid() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet());
      Pair pair = pair(client, server);
      flood(pair.near, 16 * MIB);
      server.await(PxpEvent.StreamGivenUp.class);

      InputStream in = pair.far.input();
      byte[] kept = in.readNBytes(LIMIT - 64 * 1024);
      assertThat(kept).hasSize(LIMIT - 64 * 1024);
      assertThat(kept[5 * 64 * 1024]).isEqualTo((byte) 5);
      assertThatThrownBy(() -> in.readNBytes(MIB)).hasMessage(PxpInput.GIVEN_UP);
    }
  }

  @Test
  void aSlowReaderHoldsTheWriterBackAndLosesNothing() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening().readerPause(Duration.ofMinutes(1)));
      Net client = nets.open(PxpNets.quiet());
      Pair pair = pair(client, server);
      var progress = flood(pair.near, 64 * MIB);
      InputStream in = pair.far.input();
      assertThat(in.read()).isZero();

      assertThat(stalledAt(progress)).isLessThan(ON_THE_WAY_MAX);
      byte[] rest = in.readAllBytes();

      assertThat(rest).hasSize(64 * MIB - 1);
      for (int i = 1; i < 64 * 16; i++) {
        assertThat(rest[i * 64 * 1024 - 1]).isEqualTo((byte) i);
      }
      assertThat(server.network().stats().buffered()).isZero();
    }
  }

  @Test
  void aReaderThatPausesTooLongHoldsNobodyBackAnyMore() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening().readerPause(Duration.ofMillis(300)));
      Net client = nets.open(PxpNets.quiet());
      Pair pair = pair(client, server);
      var progress = flood(pair.near, 64 * MIB);
      assertThat(pair.far.input().read()).isZero();

      server.await(PxpEvent.StreamGivenUp.class);
      assertThat(stalledAt(progress)).isEqualTo(64 * MIB);
    }
  }

  @Test
  void aStreamThatTheApplicationClosesHoldsNobodyBack() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening());
      Net client = nets.open(PxpNets.quiet());
      Pair pair = pair(client, server);
      pair.far.input().close();

      assertThat(stalledAt(flood(pair.near, 64 * MIB))).isEqualTo(64 * MIB);
      assertThat(server.network().stats().buffered()).isZero();
      assertThatThrownBy(() -> pair.far.input().read()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void allStreamsTogetherKeepNoMoreThanTheyMay() throws Exception {
    var tight = new PxpAssembly.Bounds(PxpTimes.DEFAULT, PxpDoor.Limits.DEFAULT, 6L * MIB);
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening(), tight);
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        pairs.add(pair(nets.open(PxpNets.quiet()), server));
      }
      for (Pair pair : pairs) {
        flood(pair.near, 3 * MIB);
      }

      server.await(PxpEvent.StreamGivenUp.class);
      server.await(PxpEvent.StreamGivenUp.class);
      assertThat(server.network().stats().buffered()).isLessThan(7L * MIB);
    }
  }
}
