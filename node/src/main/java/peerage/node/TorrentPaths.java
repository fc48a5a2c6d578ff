package peerage.node;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import peerage.node.Storage.Access;
import peerage.node.StorageException.Reason;
import peerage.wire.TorrentFile;

/// Where the files of a torrent lie below a directory, and the only way to them: whatever a torrent
/// or a link on the disk says, nothing outside of the directory is written. Thread-safe.
///
/// Java has no `openat` with `mkdirat`, so somebody who may write to the directory while we run can
/// still exchange a folder between the look and the open; he could as well write the files himself.
final class TorrentPaths {
  private final Path directory;
  private final Access access;

  private TorrentPaths(Path directory, Access access) {
    this.directory = directory;
    this.access = access;
  }

  /// Takes a directory, which may be a symbolic link; for writing, creates it if it is missing.
  static TorrentPaths below(Path directory, Access access) throws StorageException {
    try {
      if (access == Access.WRITE) {
        Files.createDirectories(directory);
      }
      Path real = directory.toRealPath();
      if (!Files.isDirectory(real)) {
        throw new FileAlreadyExistsException(directory.toString());
      }
      return new TorrentPaths(real, access);
    } catch (IOException e) {
      String verb = access == Access.WRITE ? "create the directory" : "open the directory";
      throw StorageException.of(verb, directory, e);
    }
  }

  /// The directory, free of symbolic links.
  Path directory() {
    return directory;
  }

  /// The place of a file. The names were checked with the torrent; here nothing is believed.
  Path of(TorrentFile file) throws StorageException {
    Path path = directory;
    for (String name : file.path()) {
      Path next;
      try {
        next = path.resolve(name);
      } catch (InvalidPathException _) {
        throw unsafe(
            path, "this system cannot write the name of a file in it (is LANG a UTF-8 one?)");
      }
      if (next.getNameCount() != path.getNameCount() + 1 || !next.equals(next.normalize())) {
        throw unsafe(next, "the torrent's path would lead elsewhere");
      }
      path = next;
    }
    if (path.equals(directory) || !path.startsWith(directory)) {
      throw unsafe(path, "the torrent's path would lead elsewhere");
    }
    return path;
  }

  /// What the disk says about a plain file; anything but a plain file is as if it were missing.
  FileState state(Path file) {
    try {
      if (access == Access.WRITE && !hasPlainParents(file)) {
        return FileState.MISSING;
      }
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, links());
      return found.isRegularFile()
          ? new FileState(true, found.size(), found.lastModifiedTime().toMillis())
          : FileState.MISSING;
    } catch (IOException _) {
      return FileState.MISSING; // to open it will tell why
    }
  }

  /// Opens a file as the access allows.
  ///
  /// @throws StorageException NOT_FOUND if it is not there
  FileChannel open(Path file) throws StorageException {
    return open(file, Set.of());
  }

  /// Opens a file for reading and writing, and creates it and its folders if they are missing.
  FileChannel create(Path file) throws StorageException {
    createParents(file);
    return open(file, Set.of(StandardOpenOption.CREATE));
  }

  private FileChannel open(Path file, Set<OpenOption> more) throws StorageException {
    boolean writing = access == Access.WRITE;
    Set<OpenOption> options = new LinkedHashSet<>(more);
    options.add(StandardOpenOption.READ);
    if (writing) {
      options.add(StandardOpenOption.WRITE);
      options.add(NOFOLLOW_LINKS);
    }
    try {
      if (writing && !hasPlainParents(file)) {
        throw new NoSuchFileException(file.toString());
      }
      requirePlain(file); // to open a FIFO would wait for its other end
      return FileChannel.open(file, options);
    } catch (IOException e) {
      throw StorageException.of(writing ? "open for writing" : "open", file, e);
    }
  }

  /// Creates the folders between the directory and a file.
  void createParents(Path file) throws StorageException {
    Path folder = directory;
    for (Path name : directory.relativize(file.getParent())) {
      folder = folder.resolve(name);
      createFolder(folder);
    }
  }

  private void createFolder(Path folder) throws StorageException {
    try {
      if (attributes(folder, NOFOLLOW_LINKS).isEmpty()) {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException _) {
      // somebody was faster; what it is, is looked at below
    } catch (IOException e) {
      throw StorageException.of("create the folder", folder, e);
    }
    isPlainFolder(folder);
  }

  /// @return whether the folders of the file are there
  private boolean hasPlainParents(Path file) throws StorageException {
    Path folder = directory;
    for (Path name : directory.relativize(file.getParent())) {
      folder = folder.resolve(name);
      if (!isPlainFolder(folder)) {
        return false;
      }
    }
    return true;
  }

  private boolean isPlainFolder(Path folder) throws StorageException {
    if (folder.equals(directory)) {
      return true;
    }
    Optional<BasicFileAttributes> found = attributes(folder, NOFOLLOW_LINKS);
    if (found.isPresent() && found.get().isSymbolicLink()) {
      throw unsafe(folder, "it is a symbolic link, which could lead anywhere");
    }
    if (found.isPresent() && !found.get().isDirectory()) {
      throw new StorageException(
          Reason.EXISTS, refusal(folder, "it is no folder, and the torrent needs one there"));
    }
    return found.isPresent();
  }

  private void requirePlain(Path file) throws StorageException {
    Optional<BasicFileAttributes> found = attributes(file, links());
    if (found.isEmpty() || found.get().isRegularFile()) {
      return;
    }
    if (found.get().isSymbolicLink()) {
      throw unsafe(file, "it is a symbolic link, which could lead anywhere");
    }
    throw unsafe(file, "it is no plain file but a folder or a device");
  }

  private static Optional<BasicFileAttributes> attributes(Path file, LinkOption... links)
      throws StorageException {
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class, links));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw StorageException.of("look at", file, e);
    }
  }

  private LinkOption[] links() {
    return access == Access.WRITE ? new LinkOption[] {NOFOLLOW_LINKS} : new LinkOption[0];
  }

  private static StorageException unsafe(Path path, String why) {
    return new StorageException(Reason.UNSAFE, refusal(path, why));
  }

  private static String refusal(Path path, String why) {
    return "will not use "
        + StorageException.shown(path)
        + ": "
        + why
        + "; remove it or choose another directory";
  }
}
