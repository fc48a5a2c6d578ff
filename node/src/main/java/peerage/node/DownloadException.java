package peerage.node;

import java.io.IOException;

/// A download cannot go on. The message is one sentence for people: what failed, on what, what to
/// do.
public final class DownloadException extends IOException {
  private static final long serialVersionUID = 1L;

  /// What kind of failure it is, for programs.
  public enum Reason {
    /// The disk has no room.
    DISK_FULL,
    /// A file or directory is not there.
    NOT_FOUND,
    /// A file is there that this torrent did not write.
    FILE_EXISTS,
    /// The system does not let us.
    DENIED,
    /// The data on disk is not the torrent's.
    VERIFY_FAILED,
    /// The torrent is none, or none that we take.
    BAD_TORRENT,
    /// The magnet link is none, or none that we take.
    BAD_MAGNET,
    /// None of its files is chosen, or one is that it does not have.
    NO_FILE_CHOSEN,
    /// The network or a server failed.
    NETWORK,
    /// It was closed before it was done.
    CLOSED,
    /// Anything else.
    OTHER
  }

  private final Reason reason;

  /// @param reason what kind of failure
  /// @param sentence for people
  public DownloadException(Reason reason, String sentence) {
    super(sentence);
    this.reason = reason;
  }

  /// What kind of failure it is.
  public Reason reason() {
    return reason;
  }
}
