package peerage.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import peerage.node.PxpPeer;

/// A conversation with all peers of a network.
final class ChatRun {
  /// A peer that is so many lines behind reads no more, and is parted from (guess).
  private static final int LINES_BEHIND = 200;

  /// How long leaving may wait for peers that read slowly (guess).
  private static final Duration PARTING = Duration.ofSeconds(1);

  private final String nick;
  private final PxpShow show;
  private final Terminal terminal;
  private final Map<PxpPeer, BlockingQueue<byte[]>> outgoing = new ConcurrentHashMap<>();

  private final CountDownLatch somebody = new CountDownLatch(1);

  ChatRun(String nick, PxpShow show, Terminal terminal) {
    this.nick = nick;
    this.show = show;
    this.terminal = terminal;
  }

  /// Shows what a peer says until it goes, and has a thread that tells it what we say. On a virtual
  /// thread of the peer's own.
  void listenTo(PxpPeer peer) throws IOException {
    var lines = new LinkedBlockingQueue<byte[]>(LINES_BEHIND);
    outgoing.put(peer, lines);
    somebody.countDown();
    Thread teller = Thread.ofVirtual().start(() -> tell(peer, lines));
    try {
      for (var said = peer.receive(); said.isPresent(); said = peer.receive()) {
        hear(peer, said.get());
      }
    } finally {
      outgoing.remove(peer);
      teller.interrupt();
      peer.close();
    }
  }

  private void hear(PxpPeer peer, byte[] message) {
    for (String line : ChatText.lines(message)) {
      show.print(line);
      show.json("line", json -> json.put("peer", peer.ref().toString()).put("text", line));
    }
  }

  private static void tell(PxpPeer peer, BlockingQueue<byte[]> lines) {
    try {
      while (true) {
        peer.send(lines.take());
      }
    } catch (IOException | InterruptedException _) {
      // It is gone, or we are; whoever listens to it notices as well.
    }
  }

  /// Says to all what the user types, from the first peer on.
  ///
  /// @param leaveAtEnd whether the end of the input ends the conversation
  void talk(PxpRun run, boolean leaveAtEnd) {
    Thread.ofPlatform().daemon().name("stdin").start(() -> read(run, leaveAtEnd));
  }

  private void read(PxpRun run, boolean leaveAtEnd) {
    try (var typed =
        new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8))) {
      if (run.awaitFirst(Optional.empty()).isEmpty()) {
        return;
      }
      somebody.await();
      for (String line = typed.readLine(); line != null; line = typed.readLine()) {
        if (!line.isBlank()) {
          say(nick + ": " + line.strip());
        }
      }
      if (leaveAtEnd) {
        awaitTold();
        run.stop();
      }
    } catch (CommandFailure failure) {
      terminal.complain(String.valueOf(failure.getMessage()));
      run.stop();
    } catch (IOException | InterruptedException _) {
      run.stop();
    }
  }

  /// Lets the peers' threads take the last lines.
  private void awaitTold() {
    long end = System.nanoTime() + PARTING.toNanos();
    while (System.nanoTime() < end && outgoing.values().stream().anyMatch(q -> !q.isEmpty())) {
      LockSupport.parkNanos(PARTING.toNanos() / 100);
    }
  }

  private void say(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    outgoing.forEach(
        (peer, lines) -> {
          if (!lines.offer(bytes)) {
            peer.close();
          }
        });
  }
}
