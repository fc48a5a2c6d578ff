package peerage.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpWire;
import peerage.pxp.Transport;

/// The wires of one network: TCP and TLS are always there, others are looked for when an address
/// needs one.
final class PxpWires {
  private static final System.Logger LOG = System.getLogger("peerage.node");

  private final List<PxpWire> own;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable List<PxpWire> found;

  PxpWires(List<PxpWire> own) {
    this.own = List.copyOf(own);
  }

  /// The wire for an address.
  ///
  /// @throws PxpException if there is none
  PxpWire of(URI where) throws PxpException {
    String scheme = PxpUri.schemeOf(where);
    return in(own, scheme)
        .or(() -> in(others(), scheme))
        .orElseThrow(
            () ->
                new PxpException(
                    PxpException.Reason.UNSUPPORTED,
                    "nothing here carries "
                        + where
                        + ": for ws and wss add the module peerage.websocket; others are tcp and"
                        + " tls"));
  }

  private static Optional<PxpWire> in(List<PxpWire> wires, String scheme) {
    return wires.stream().filter(wire -> wire.schemes().contains(scheme)).findFirst();
  }

  private List<PxpWire> others() {
    lock.lock();
    try {
      List<PxpWire> others = found == null ? load() : found;
      found = others;
      return others;
    } finally {
      lock.unlock();
    }
  }

  private static List<PxpWire> load() {
    var all = new ArrayList<PxpWire>();
    try {
      ServiceLoader.load(PxpWire.class, PxpWire.class.getClassLoader()).forEach(all::add);
    } catch (ServiceConfigurationError e) {
      LOG.log(Level.WARNING, "a wire for PXP cannot be used", e);
    }
    return List.copyOf(all);
  }

  /// What a wire carries, for people and programs.
  static Transport transportOf(URI where) {
    return switch (PxpUri.schemeOf(where)) {
      case "tcp" -> Transport.TCP;
      case "tls" -> Transport.TLS;
      case "ws" -> Transport.WS;
      case "wss" -> Transport.WSS;
      default -> Transport.ADOPTED;
    };
  }

  /// Puts a failure to connect into a sentence.
  static PxpException failure(URI where, IOException cause) {
    return switch (cause) {
      case PxpException already -> already;
      case SocketTimeoutException _ ->
          new PxpException(
              PxpException.Reason.TIMED_OUT,
              "nobody answered at " + where + " in time: is it up, and is no firewall between?",
              cause);
      case SSLException _ ->
          new PxpException(
              PxpException.Reason.UNTRUSTED,
              "TLS failed with " + where + ": " + said(cause) + "; check its certificate",
              cause);
      case UnknownHostException _ ->
          new PxpException(
              PxpException.Reason.UNREACHABLE,
              "the host of " + where + " is unknown: check the name",
              cause);
      default ->
          new PxpException(
              PxpException.Reason.UNREACHABLE,
              "cannot connect to " + where + ": " + said(cause) + "; is a node listening there?",
              cause);
    };
  }

  static String said(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
