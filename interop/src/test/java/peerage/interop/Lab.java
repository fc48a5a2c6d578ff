package peerage.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/// What one test needs: hosts, folders, processes. All of it is gone when the test ends; if it
/// fails, what the processes said is printed before. In a static field it serves all tests of the
/// class, and ends with the last.
///
/// Where the tests cannot run they are skipped and say why, unless the environment has
/// `PEERAGE_INTEROP=require`: then they fail.
final class Lab
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterTestExecutionCallback,
        AfterEachCallback,
        AfterAllCallback {
  private static final boolean REQUIRED = "require".equals(System.getenv("PEERAGE_INTEROP"));
  private static final Optional<String> NO_NAMESPACES = Namespaces.missing();
  private static final Map<Foreign, Optional<String>> MISSING = new ConcurrentHashMap<>();

  private final List<Running> processes = new CopyOnWriteArrayList<>();
  private String test = "";
  private Optional<Namespaces> namespaces = Optional.empty();
  private Optional<Path> root = Optional.empty();
  private boolean servesClass;
  private int folders;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    servesClass = true;
    open(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    if (!servesClass) {
      open(context);
    }
  }

  private void open(ExtensionContext context) throws IOException {
    test = context.getRequiredTestClass().getSimpleName() + ", " + context.getDisplayName();
    NO_NAMESPACES.ifPresent(this::skip);
    root = Optional.of(Files.createTempDirectory("peerage-interop-"));
    namespaces = Optional.of(Namespaces.open());
  }

  private void skip(String reason) {
    Assumptions.abort(say(reason));
  }

  private String say(String reason) {
    String message = "SKIPPED interop: " + test + ": " + reason;
    if (REQUIRED) {
      throw new AssertionError("PEERAGE_INTEROP=require, but " + reason);
    }
    System.out.println(message);
    return message;
  }

  /// Skips the test if a client is not installed.
  void need(Foreign client) {
    need(client.toString(), missing(client));
  }

  /// Skips the test if something is missing.
  ///
  /// @param missing why, and where it comes from; empty if it is there
  void need(String what, Optional<String> missing) {
    missing.ifPresent(why -> skip(what + " is " + why));
  }

  /// Whether a client can be started. If not, that is said on the console, and fails the test if
  /// all are required.
  boolean has(Foreign client) {
    Optional<String> missing = missing(client);
    missing.ifPresent(why -> say(client + " is " + why));
    return missing.isEmpty();
  }

  private static Optional<String> missing(Foreign client) {
    return MISSING.computeIfAbsent(client, Foreign::missing);
  }

  /// A new host.
  Host host() {
    return namespaces.orElseThrow().addHost();
  }

  /// A new host that is in truth another address of an existing one.
  Host hostAt(Host place) {
    return namespaces.orElseThrow().addAddress(place);
  }

  /// A new folder.
  synchronized Path folder(String name) {
    try {
      return Files.createDirectory(root.orElseThrow().resolve(++folders + "-" + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A file of this module's resources.
  synchronized Path script(String name) {
    Path copy = root.orElseThrow().resolve(name);
    try (InputStream resource = Lab.class.getResourceAsStream(name)) {
      if (!Files.exists(copy)) {
        Files.copy(resource, copy);
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Content content(Content.Shape shape, int size) {
    try {
      return Content.make(folder("original"), shape, size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a seed is given: a torrent and a copy of its content.
  Share seed(Content content, Path torrent) {
    Path folder = folder("seed");
    content.copyTo(folder);
    return new Share(torrent, folder, 0, Share.Part.SEED);
  }

  /// What a leech is given: a torrent and an empty folder.
  Share leech(Path torrent) {
    return new Share(torrent, folder("leech"), 0, Share.Part.LEECH);
  }

  /// Starts a process; it is killed when the test ends.
  Running start(Host host, String name, List<String> command) {
    Running process = Running.start(host, name, folder("home"), command);
    processes.add(process);
    return process;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    boolean failed =
        context
            .getExecutionException()
            .filter(why -> !(why instanceof TestAbortedException))
            .isPresent();
    if (failed) {
      String which = servesClass ? test + ", " + context.getDisplayName() : test;
      System.out.println("FAILED interop: " + which + ": what the processes said:");
      processes.forEach(process -> System.out.println(process.tail()));
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    if (!servesClass) {
      close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    close();
  }

  private void close() throws IOException {
    processes.forEach(Running::kill);
    namespaces.ifPresent(Namespaces::close);
    if (root.isPresent()) {
      try (Stream<Path> files = Files.walk(root.get())) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
