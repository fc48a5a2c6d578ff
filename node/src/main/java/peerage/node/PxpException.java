package peerage.node;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A connection to a peer, or a network, could not be had. The message is one sentence for people:
/// what failed, on what, what to do.
public final class PxpException extends IOException {
  private static final long serialVersionUID = 1L;

  /// What kind of failure it is, for programs.
  public enum Reason {
    /// No module here carries the address's scheme, or it cannot be used in this way.
    UNSUPPORTED,
    /// We cannot listen there.
    CANNOT_LISTEN,
    /// Nobody can be reached there: the name is unknown, the connection was refused or broke off.
    UNREACHABLE,
    /// The certificate is not valid for this address, or TLS failed otherwise.
    UNTRUSTED,
    /// Who is there ended the connection before it was a peer: it speaks no PXP, is in another
    /// network, is full or connected already.
    REFUSED,
    /// It took longer than it may.
    TIMED_OUT,
    /// There is no peer that could be asked for others.
    NOBODY_TO_ASK,
    /// Nobody who was asked knows anybody else.
    NO_CANDIDATES,
    /// None of those whom our peers named could be reached.
    NO_CANDIDATE_REACHED,
    /// The network was closed meanwhile.
    CLOSED
  }

  private final Reason reason;

  PxpException(Reason reason, String sentence) {
    this(reason, sentence, null);
  }

  PxpException(Reason reason, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.reason = reason;
  }

  /// What kind of failure it is.
  public Reason reason() {
    return reason;
  }
}
