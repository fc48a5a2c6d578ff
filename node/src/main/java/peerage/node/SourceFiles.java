package peerage.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import peerage.node.DownloadException.Reason;
import peerage.wire.MetainfoBuilder;

/// The files that a torrent is made of, in the order of its bytes.
final class SourceFiles {
  /// One file on disk.
  ///
  /// @param below its names below the source; empty if it is the source
  /// @param path where it is read
  /// @param offset where it begins in the torrent's bytes
  record SourceFile(List<String> below, Path path, long offset, long length) {}

  private final String name;
  private final boolean isFolder;
  private final List<SourceFile> files;
  private final List<String> leftOut;

  private SourceFiles(Path root, boolean isFolder, Walk walk) {
    this.name = String.valueOf(root.getFileName());
    this.isFolder = isFolder;
    this.files = walk.ordered();
    this.leftOut = List.copyOf(walk.leftOut);
  }

  static SourceFiles below(Path source) throws DownloadException {
    try {
      Path root = source.toRealPath();
      boolean isFolder = Files.isDirectory(root);
      var walk = new Walk(root);
      Files.walkFileTree(root, walk);
      Path named = source.toAbsolutePath().normalize();
      var files = new SourceFiles(named.getFileName() == null ? root : named, isFolder, walk);
      if (files.totalLength() == 0) {
        throw new DownloadException(
            Reason.BAD_TORRENT, "there is nothing to share in " + source + ": it has no bytes");
      }
      return files;
    } catch (IOException e) {
      throw failure(source, e);
    }
  }

  private static DownloadException failure(Path source, IOException e) {
    return switch (e) {
      case DownloadException already -> already;
      case NoSuchFileException missing ->
          new DownloadException(
              Reason.NOT_FOUND, "there is no file or folder " + missing.getFile());
      case AccessDeniedException denied ->
          new DownloadException(Reason.DENIED, "no permission to read " + denied.getFile());
      default ->
          new DownloadException(Reason.OTHER, "cannot read " + source + ": " + e.getMessage());
    };
  }

  String name() {
    return name;
  }

  List<SourceFile> files() {
    return files;
  }

  List<String> leftOut() {
    return leftOut;
  }

  long totalLength() {
    return files.isEmpty() ? 0 : files.getLast().offset() + files.getLast().length();
  }

  /// The files as a torrent lists them.
  MetainfoBuilder describe() {
    if (!isFolder) {
      return MetainfoBuilder.ofFile(name, totalLength());
    }
    MetainfoBuilder builder = MetainfoBuilder.ofFolder(name);
    files.forEach(file -> builder.file(file.below(), file.length()));
    return builder;
  }

  /// Collects what is below a folder, or the one file.
  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<SourceFile> found = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    Walk(Path root) {
      this.root = root;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isSymbolicLink()) {
        visitLink(file);
      } else if (attributes.isRegularFile()) {
        add(file, attributes.size());
      } else {
        leftOut.add("left out " + shown(file) + ": it is neither a file nor a folder");
      }
      return FileVisitResult.CONTINUE;
    }

    private void visitLink(Path link) throws IOException {
      if (!Files.exists(link)) {
        leftOut.add("left out " + shown(link) + ": it is a link to nothing");
        return;
      }
      Path target = link.toRealPath();
      if (!target.startsWith(root)) {
        leftOut.add("left out " + shown(link) + ": it is a link that leads outside");
      } else if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
        leftOut.add("left out " + shown(link) + ": it is a link to something that is no file");
      } else {
        add(link, Files.size(target));
      }
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed)
        throws IOException {
      if (failed != null) {
        throw failed;
      }
      try (Stream<Path> entries = Files.list(folder)) {
        if (entries.findAny().isEmpty()) {
          leftOut.add("left out " + shown(folder) + ": it is an empty folder");
        }
      }
      return FileVisitResult.CONTINUE;
    }

    private void add(Path file, long length) throws DownloadException {
      List<String> below =
          file.equals(root)
              ? List.of()
              : StreamSupport.stream(root.relativize(file).spliterator(), false)
                  .map(Path::toString)
                  .toList();
      if (below.stream().anyMatch(part -> part.indexOf('\uFFFD') >= 0)) {
        throw new DownloadException(
            Reason.BAD_TORRENT,
            "the name of "
                + shown(file)
                + " is no text here: rename it, or set LC_ALL to a UTF-8 locale");
      }
      found.add(new SourceFile(below, file, 0, length));
    }

    private String shown(Path file) {
      return file.equals(root) ? file.toString() : root.relativize(file).toString();
    }

    /// By the bytes of the names, folder by folder: the same on every machine and in every locale.
    List<SourceFile> ordered() {
      found.sort(Comparator.comparing(SourceFile::below, Walk::compare));
      List<SourceFile> ordered = new ArrayList<>(found.size());
      long offset = 0;
      for (SourceFile file : found) {
        ordered.add(new SourceFile(file.below(), file.path(), offset, file.length()));
        offset += file.length();
      }
      return List.copyOf(ordered);
    }

    private static int compare(List<String> one, List<String> other) {
      Iterator<String> others = other.iterator();
      for (String name : one) {
        if (!others.hasNext()) {
          return 1;
        }
        int byName = Arrays.compareUnsigned(utf8(name), utf8(others.next()));
        if (byName != 0) {
          return byName;
        }
      }
      return others.hasNext() ? -1 : 0;
    }

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
