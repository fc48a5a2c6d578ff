package peerage.node;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;

/// The disk did not do what we wanted. The message is one sentence to show: what failed, on what,
/// and what to do.
final class StorageException extends IOException {
  private static final long serialVersionUID = 1L;

  /// The least room that a disk has which is not full, in bytes. A guess: some blocks of any file
  /// system.
  private static final long SOME_ROOM = 64 * 1024;

  private static final int SHOWN = 300;

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

  private StorageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }

  /// Puts what the system said about a file into a sentence.
  ///
  /// @param verb what could not be done, such as "write"
  static StorageException of(String verb, Path file, IOException e) {
    if (e instanceof StorageException already) {
      return already;
    }
    Reason reason = reasonOf(verb, file, e);
    String advice =
        switch (reason) {
          case DISK_FULL -> "the disk is full; free some space and start again";
          case NOT_FOUND -> "it is not there; put it back or choose another directory";
          case DENIED ->
              "the system does not allow it; change its permissions or choose another one";
          case EXISTS -> "something else has this name; move it away or choose another directory";
          case UNSAFE, CHANGED, IO ->
              "the system says \"" + saying(e) + "\"; check the disk and start again";
        };
    return new StorageException(reason, "cannot " + verb + " " + shown(file) + ": " + advice, e);
  }

  private static Reason reasonOf(String verb, Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> Reason.NOT_FOUND;
      case AccessDeniedException _ -> Reason.DENIED;
      case FileAlreadyExistsException _, NotDirectoryException _ -> Reason.EXISTS;
      case IOException _ when hasFileAsFolder(file) -> Reason.EXISTS;
      default -> {
        String said = saying(e);
        if (said.contains("Read-only file system") || said.contains("not permitted")) {
          yield Reason.DENIED;
        }
        boolean full = said.contains("No space left") || said.contains("quota exceeded");
        boolean noRoom = full || (!verb.equals("read") && isFull(file));
        yield noRoom ? Reason.DISK_FULL : Reason.IO;
      }
    };
  }

  private static boolean hasFileAsFolder(Path file) {
    Path folder = file.getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    return folder != null && !Files.isDirectory(folder);
  }

  private static String saying(IOException e) {
    String said = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
    return Objects.requireNonNullElse(said, e.getClass().getSimpleName());
  }

  /// The system speaks the user's language, so its words are not enough.
  private static boolean isFull(Path file) {
    try {
      Path there = Files.exists(file) ? file : Objects.requireNonNullElse(file.getParent(), file);
      return Files.getFileStore(there).getUsableSpace() < SOME_ROOM;
    } catch (IOException _) {
      return false; // then it is not known to be full
    }
  }

  /// A path fit for one line of a terminal: names of a torrent's files come from strangers.
  static String shown(Path file) {
    var text = new StringBuilder();
    file.toString()
        .codePoints()
        .limit(SHOWN)
        .map(StorageException::harmless)
        .forEach(text::appendCodePoint);
    return text.toString();
  }

  private static int harmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          '?';
      default -> character;
    };
  }
}
