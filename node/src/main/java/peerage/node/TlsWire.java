package peerage.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import peerage.node.spi.PxpWire;
import peerage.peers.IpAddress;

/// TLS over TCP: `tls://host:port`. Who connects checks that the certificate is that of the host
/// (RFC 9525, as HTTPS does).
final class TlsWire implements PxpWire {
  private final TcpWire tcp;
  private final PxpThreads threads;
  private final Alarm alarm;
  private final PxpDoor handshakes;

  TlsWire(TcpWire tcp, PxpThreads threads, Alarm alarm, PxpDoor handshakes) {
    this.tcp = tcp;
    this.threads = threads;
    this.alarm = alarm;
    this.handshakes = handshakes;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("tls");
  }

  @Override
  public ByteChannel connect(URI where, Options options) throws IOException {
    long start = System.nanoTime();
    SocketChannel channel = TcpWire.dial(where, options.within());
    Duration left = options.within().minusNanos(System.nanoTime() - start);
    try (var _ = alarm.after(left, () -> Handshaking.closeQuietly(channel))) {
      return shakeHands(asClient(channel, where, contextOf(options)), channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static SSLSocket asClient(SocketChannel channel, URI where, SSLContext context)
      throws IOException {
    String host = TcpWire.hostOf(where);
    Socket plain = channel.socket();
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, host, where.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static SSLSocket asServer(SocketChannel channel, SSLContext context) throws IOException {
    Socket plain = channel.socket();
    var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
    socket.setUseClientMode(false);
    return socket;
  }

  private static SSLContext contextOf(Options options) throws IOException {
    try {
      return options.tls().isPresent() ? options.tls().get() : SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("this Java has no TLS", e);
    }
  }

  private static ByteChannel shakeHands(SSLSocket socket, SocketChannel below) throws IOException {
    socket.startHandshake();
    return new StreamChannel(
        socket.getInputStream(), socket.getOutputStream(), socket::shutdownOutput, below::close);
  }

  @Override
  public Listening listen(
      URI where, Options options, BiConsumer<ByteChannel, InetSocketAddress> acceptor)
      throws IOException {
    SSLContext context =
        options
            .tls()
            .orElseThrow(
                () -> new IOException("listening needs a certificate: give one with tls(…)"));
    return tcp.listen(
        where, (channel, remote) -> welcome(channel, remote, context, options, acceptor));
  }

  private void welcome(
      SocketChannel channel,
      InetSocketAddress remote,
      SSLContext context,
      Options options,
      BiConsumer<ByteChannel, InetSocketAddress> acceptor) {
    IpAddress ip = Addresses.toIp(remote.getAddress());
    if (!handshakes.admits(ip)) {
      Handshaking.closeQuietly(channel);
      return;
    }
    threads.start(
        "pxp tls " + remote,
        () -> {
          try (var _ = alarm.after(options.within(), () -> Handshaking.closeQuietly(channel))) {
            ByteChannel ready = shakeHands(asServer(channel, context), channel);
            acceptor.accept(ready, remote);
          } catch (IOException | RuntimeException _) {
            Handshaking.closeQuietly(channel); // no TLS: none of ours
          } finally {
            handshakes.settled(ip);
          }
        });
  }
}
