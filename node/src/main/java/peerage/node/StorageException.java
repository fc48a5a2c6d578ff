package peerage.node;

import java.io.IOException;

/// The disk did not do what we wanted. The message is one sentence to show: what failed, on what,
/// and what to do.
final class StorageException extends IOException {
  private final Reason reason;

  /// Why it failed, for those who can do something about it.
  enum Reason {
    /// No space is left, or a quota is used up.
    DISK_FULL,
    /// A file or directory is not there.
    NOT_FOUND,
    /// We may not, or the file system is read-only.
    DENIED,
    /// Something else is already there, or another process is at work there.
    EXISTS,
    /// A path would lead outside of its directory, or to something that is no plain file.
    UNSAFE,
    /// A file is not as we left it.
    CHANGED,
    /// Anything else.
    IO
  }

  StorageException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  StorageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
