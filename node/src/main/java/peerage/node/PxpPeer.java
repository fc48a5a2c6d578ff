package peerage.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import peerage.peers.IpAddress;
import peerage.pxp.Endpoint;
import peerage.pxp.IdentityKey;
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
  PxpPeer() {}

  /// What the peer writes. It ends where the peer ends its stream or closes the connection, and
  /// throws an [IOException] when the connection is lost, or closed by us. Closing the stream drops
  /// what still comes.
  public InputStream input() {
    throw new UnsupportedOperationException("not yet");
  }

  /// What we write. Each call of [OutputStream#write(byte[])] up to 1 MiB reaches the peer as one
  /// piece, which a JavaScript peer sees as one event; longer ones are split. It waits while much
  /// is on the way. Nothing is kept back, so nothing needs a flush. Closing it tells the peer that
  /// we write no more; reading goes on.
  public OutputStream output() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Waits for the next message: what the peer wrote with one call, which for Java is
  /// [#send(byte[])] or one write to [#output()]. If a part of it was read from [#input()], the
  /// rest of it. On a stream that is relayed ([Transport#RELAY]) borders mean nothing.
  ///
  /// @return empty if the peer writes no more
  /// @throws IOException if the connection is lost or closed by us, or the message is longer than
  ///     1 MiB
  /// @throws InterruptedIOException if interrupted
  public Optional<byte[]> receive() throws IOException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Sends one message, which the peer receives as one.
  ///
  /// @param message 1 byte to 1 MiB; an empty one cannot be sent
  /// @throws IllegalArgumentException if it is empty or longer
  /// @throws IOException if the connection is gone
  /// @throws InterruptedIOException if interrupted
  public void send(byte[] message) throws IOException {
    throw new UnsupportedOperationException("not yet");
  }

  /// What carries the connection.
  public Transport transport() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The other side's address as we see it, if the transport tells. Through a relay it does not.
  public Optional<IpAddress> remote() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Which end of the connection we are.
  public Role role() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The peer that told us of this one and carried the signalling, if one did; it may be gone by
  /// now.
  public Optional<PxpPeer> introducedBy() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The peer's long-lived key, if it has proved on this connection that it holds it.
  public Optional<IdentityKey> identity() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The peer's random number of this run, if it shows one: 32 hex digits. JavaScript peers show
  /// none.
  public Optional<String> token() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Where the peer says that it listens.
  public List<Endpoint> listening() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Names this peer in [PxpEvent]s.
  public PeerRef ref() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Whether it is connected.
  public boolean isOpen() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Parts from the peer: what was written is still sent, what was not read is dropped. Returns at
  /// once; twice is once.
  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }
}
