package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import peerage.pxp.Endpoint;

/// Where nodes of one network were reached, for the next start: a text file with one a line, as
/// `tcp://192.0.2.7:8000 2026-11-21T18:00:00Z`, the latest first.
///
/// It is a convenience: what cannot be read is as if it was not there. A new file takes the place
/// of the old one, so a crash at any moment leaves the one or the other. Thread-safe.
final class PxpMemory {
  /// Nodes that are remembered (guess).
  static final int ENDPOINTS_MAX = 200;

  /// A longer file is not ours: 200 lines of the longest endpoints have 60 KB.
  private static final int FILE_MAX = 256 * 1024;

  private static final String HEAD =
      "# Nodes of a PXP network that were reached, and when, the latest first.\n";

  private static final System.Logger LOG = System.getLogger("peerage.node");

  private final Path file;
  private final InstantSource clock;
  private final ReentrantLock writing = new ReentrantLock(); // held while the disk is waited for
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Endpoint, Instant> news = new LinkedHashMap<>(); // guarded by the second lock

  PxpMemory(Path file, InstantSource clock) {
    this.file = file.toAbsolutePath();
    this.clock = clock;
  }

  /// What is remembered, the latest first.
  List<Endpoint> recall() {
    return sorted(read()).map(Map.Entry::getKey).toList();
  }

  /// A node answered there.
  ///
  /// @return whether this is the first news since they were written
  boolean reached(Endpoint endpoint) {
    lock.lock();
    try {
      boolean isFirst = news.isEmpty();
      news.remove(endpoint);
      news.put(endpoint, clock.instant().truncatedTo(ChronoUnit.SECONDS));
      if (news.size() > ENDPOINTS_MAX) {
        news.remove(news.keySet().iterator().next());
      }
      return isFirst;
    } finally {
      lock.unlock();
    }
  }

  /// Writes what is new.
  ///
  /// @throws IOException if it cannot be written; it is tried again with the next call
  void flush() throws IOException {
    writing.lock();
    try {
      Map<Endpoint, Instant> fresh = copyNews();
      if (!fresh.isEmpty()) {
        Map<Endpoint, Instant> all = read(); // what another network has written meanwhile, too
        all.putAll(fresh);
        write(sorted(all).map(PxpMemory::line).collect(Collectors.joining("", HEAD, "")));
        forget(fresh);
      }
    } finally {
      writing.unlock();
    }
  }

  private Map<Endpoint, Instant> copyNews() {
    lock.lock();
    try {
      return new LinkedHashMap<>(news);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Map<Endpoint, Instant> written) {
    lock.lock();
    try {
      news.entrySet().removeAll(written.entrySet());
    } finally {
      lock.unlock();
    }
  }

  private static Stream<Map.Entry<Endpoint, Instant>> sorted(Map<Endpoint, Instant> all) {
    return all.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(ENDPOINTS_MAX);
  }

  private static String line(Map.Entry<Endpoint, Instant> entry) {
    return entry.getKey() + " " + entry.getValue() + "\n";
  }

  private Map<Endpoint, Instant> read() {
    var known = new LinkedHashMap<Endpoint, Instant>();
    try {
      if (Files.size(file) <= FILE_MAX) {
        new String(Files.readAllBytes(file), UTF_8).lines().forEach(line -> readLine(line, known));
      }
    } catch (NoSuchFileException _) {
      return known; // the first start
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "what was remembered cannot be read", e);
    }
    return known;
  }

  /// Whatever is no such line is passed over.
  private static void readLine(String line, Map<Endpoint, Instant> known) {
    String[] words = line.strip().split(" ", -1);
    if (words.length != 2 || line.startsWith("#")) {
      return;
    }
    Optional<Endpoint> endpoint = Endpoint.parse(words[0]);
    try {
      Instant when = Instant.parse(words[1]);
      endpoint.ifPresent(each -> known.merge(each, when, PxpMemory::later));
    } catch (DateTimeParseException _) {
      // not written by us
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private void write(String text) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    PrivateFile.replace(file, UTF_8.encode(text));
  }
}
