package peerage.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import peerage.peers.IpAddress;
import peerage.pxp.Backlog;
import peerage.pxp.Endpoint;
import peerage.pxp.Exchange;
import peerage.pxp.IdentityKey;
import peerage.pxp.PeerInfo;
import peerage.pxp.PeerRef;
import peerage.pxp.Role;
import peerage.pxp.Transport;

/// A connected peer, and the application's stream to it. Thread-safe; one thread at a time should
/// read, and one write.
///
/// What a peer writes waits here until it is read. Who reads slowly holds the writer back; who does
/// not read for long loses the rest of the stream: then reading ends with an [IOException] after
/// what was kept. A stream that nobody reads never holds up another.
///
/// Blocking calls end with an [InterruptedIOException] when their thread is interrupted; the flag
/// stays set.
public final class PxpPeer implements AutoCloseable {
  private final PeerRef ref;
  private final PeerInfo info;
  private final PxpLink link;
  private final PxpLoop loop;
  private volatile @Nullable PxpPeer introducer;
  private final PxpInput input;
  private final PxpOutput output;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private volatile boolean ended;

  PxpPeer(
      Exchange.Output.PeerJoined joined,
      PxpLink link,
      PxpLoop loop,
      Optional<PxpPeer> introducer,
      PxpLoop.Settings settings) {
    this.ref = joined.peer();
    this.info = joined.info();
    this.link = link;
    this.loop = loop;
    this.introducer = introducer.orElse(null);
    this.output = new PxpOutput(ref, link, loop);
    this.input =
        new PxpInput(settings.clock(), settings.readerPause(), settings.counters(), new Flow());
  }

  /// What the peer writes. It ends where the peer ends its stream or closes the connection, and
  /// throws an [IOException] when the connection is lost, or closed by us. Closing the stream drops
  /// what still comes.
  public InputStream input() {
    return input;
  }

  /// What we write. Each call of [OutputStream#write(byte[])] up to 1 MiB reaches the peer as one
  /// piece, which a JavaScript peer sees as one event; longer ones are split. It waits while much
  /// is on the way. Nothing is kept back, so nothing needs a flush. Closing it tells the peer that
  /// we write no more; reading goes on.
  public OutputStream output() {
    return output;
  }

  /// Waits for the next message: what the peer wrote with one call, which for Java is
  /// [#send(byte[])] or one write to [#output()]. If a part of it was read from [#input()], the
  /// rest of it. On a stream that is relayed ([Transport#RELAY]) borders mean nothing.
  ///
  /// @return empty if the peer writes no more
  /// @throws IOException if the connection is lost or closed by us, or the message is longer than
  ///     1 MiB
  /// @throws InterruptedIOException if interrupted; nothing is lost
  public Optional<byte[]> receive() throws IOException {
    return input.receive(PxpOutput.PIECE_MAX);
  }

  /// Sends one message, which the peer receives as one.
  ///
  /// @param message 1 byte to 1 MiB; an empty one cannot be sent
  /// @throws IllegalArgumentException if it is empty or longer
  /// @throws IOException if the connection is gone
  /// @throws InterruptedIOException if interrupted
  public void send(byte[] message) throws IOException {
    if (message.length == 0 || message.length > PxpOutput.PIECE_MAX) {
      throw new IllegalArgumentException(
          "a message has 1 to " + PxpOutput.PIECE_MAX + " bytes, not " + message.length);
    }
    output.write(message);
  }

  /// What carries the connection.
  public Transport transport() {
    return info.route().transport();
  }

  /// The other side's address as we see it, if the transport tells. Through a relay it does not.
  public Optional<IpAddress> remote() {
    return info.route().remote();
  }

  /// Which end of the connection we are.
  public Role role() {
    return info.role();
  }

  /// The peer that told us of this one and carried the signalling, if one did; it may be gone by
  /// now. Known while this one is connected.
  public Optional<PxpPeer> introducedBy() {
    return Optional.ofNullable(introducer);
  }

  /// The peer's long-lived key, if it has proved on this connection that it holds it.
  public Optional<IdentityKey> identity() {
    return info.identity();
  }

  /// The peer's random number of this run, if it shows one: 32 hex digits. JavaScript peers show
  /// none.
  public Optional<String> token() {
    return info.token();
  }

  /// Where the peer says that it listens.
  public List<Endpoint> listening() {
    return info.listening();
  }

  /// Names this peer in [PxpEvent]s.
  public PeerRef ref() {
    return ref;
  }

  /// Whether the peer has said that it writes no more. If [#input()] ends without that, the other
  /// side has closed the connection, which may be its way to end, or that of a process that died.
  public boolean hasEnded() {
    return ended;
  }

  /// Whether it is connected.
  public boolean isOpen() {
    return open.get();
  }

  /// Parts from the peer: what was written is still sent, what was not read is dropped. Returns at
  /// once; twice is once.
  @Override
  public void close() {
    if (open.getAndSet(false)) {
      loop.post(this::leave);
      input.drop("the connection to " + this + " was closed here");
      output.cut();
    }
  }

  /// For people: who it is, and how it is connected.
  @Override
  public String toString() {
    return ref + " (" + transport() + remote().map(ip -> " " + ip).orElse("") + ")";
  }

  // For the loop

  PxpInput in() {
    return input;
  }

  PxpLink link() {
    return link;
  }

  /// It writes no more.
  void ended() {
    ended = true;
    input.end(null);
  }

  /// Says goodbye.
  void leave() {
    loop.handle(new Exchange.Input.WritesEnded(ref));
    loop.handle(new Exchange.Input.Left(ref));
  }

  /// It is gone.
  ///
  /// @param why what reading throws after what is here; null if nothing is missing
  void gone(@Nullable String why) {
    open.set(false);
    output.cut();
    input.end(why);
    input.abandon();
    link.release(this);
    introducer = null; // else peers that are gone would keep each other
  }

  /// Passes on what the backlog of unread bytes wants.
  private final class Flow implements PxpInput.Flow {
    @Override
    public void obey(Backlog.Advice advice) {
      switch (advice) {
        case HOLD -> link.hold(PxpPeer.this);
        case KEEP_READING, GIVE_UP -> link.release(PxpPeer.this);
      }
    }

    @Override
    public void changed() {
      loop.flowChanged(PxpPeer.this);
    }

    @Override
    public void closed() {
      link.release(PxpPeer.this);
      loop.post(() -> loop.handle(new Exchange.Input.ReadsEnded(ref)));
    }
  }
}
