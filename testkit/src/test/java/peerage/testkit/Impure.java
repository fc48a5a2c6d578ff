package peerage.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Classes that do what no machine may, one kind each, for the purity test to find; and one that
/// does what a machine may. They are read, never run.
@SuppressWarnings("all") // they are bad on purpose
final class Impure {
  static final class Sockets {
    Object open() throws Exception {
      return List.of(new Socket(), DatagramChannel.open());
    }

    String resolve(InetAddress address) {
      return "" + address;
    }
  }

  static final class FilesToo {
    Object open(String name) throws Exception {
      return List.of(new FileInputStream(name), new RandomAccessFile(name, "r"));
    }

    Path[] paths = {};
  }

  static final class Threads {
    Lock lock;

    void start() {
      Thread.ofVirtual().start(() -> new ConcurrentHashMap<String, String>());
    }

    long count(List<String> list) {
      return list.parallelStream().count();
    }
  }

  static final class Monitors {
    synchronized void wholly() {}

    void partly() {
      synchronized (this) {
        wholly();
      }
    }
  }

  static final class Clocks {
    LongSupplier clock = System::nanoTime;
    InstantSource source;

    Object read() {
      return List.of(
          System.currentTimeMillis(), Instant.now(), LocalDateTime.now(), Clock.systemUTC());
    }
  }

  static final class Chance {
    Object draw(List<String> list) {
      Collections.shuffle(list);
      return List.of(
          Math.random(),
          new Random(),
          new SecureRandom(),
          ThreadLocalRandom.current(),
          RandomGenerator.getDefault(),
          UUID.randomUUID());
    }
  }

  static final class Logs {
    void write() {
      System.out.println();
      System.err.println();
      System.getLogger("machine");
    }
  }

  static final class Orders {
    Object all(Stream<String> stream, Map<String, String> map) {
      return List.of(
          new HashMap<String, String>(),
          new HashSet<String>(),
          Set.of(1, 2),
          Set.copyOf(List.of(1)),
          Map.of(1, 1, 2, 2),
          Map.copyOf(map),
          Map.ofEntries(),
          stream.collect(Collectors.toSet()),
          stream.collect(Collectors.toMap(Function.identity(), String::length)),
          stream.collect(Collectors.groupingBy(String::length)));
    }
  }

  static final class NotAtAll {
    sealed interface Output permits Send, Heard {}

    record Send(ByteBuffer bytes) implements Output {}

    record Heard(URI from, Instant at) implements Output {}

    private final Map<TimeUnit, Integer> counts = new EnumMap<>(TimeUnit.class);
    private final RandomGenerator random = new Random(7);

    String show(Output output, Duration age) {
      counts.merge(TimeUnit.SECONDS, (int) age.toSeconds(), Integer::sum);
      return switch (output) {
        case Send(var bytes) -> "send " + bytes + Set.of() + Set.of(1) + Map.of() + Map.of(1, 2);
        case Heard(var from, var at) when at.isAfter(Instant.EPOCH) -> "heard " + from;
        case Heard _ -> URLDecoder.decode("heard", UTF_8);
      };
    }

    byte[] digest(Stream<String> words) throws Exception {
      Map<String, Integer> lengths =
          words.collect(Collectors.toMap(w -> w, String::length, Integer::sum, LinkedHashMap::new));
      Map<Integer, List<String>> byLength =
          lengths.keySet().stream()
              .collect(Collectors.groupingBy(String::length, TreeMap::new, Collectors.toList()));
      List<Integer> shuffled = new ArrayList<>(byLength.keySet());
      Collections.shuffle(shuffled, random);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(new byte[] {(byte) new CRC32C().getValue()});
      byte[] copy = new byte[1];
      System.arraycopy(out.toByteArray(), 0, copy, 0, 1);
      return MessageDigest.getInstance("SHA-1").digest(copy);
    }
  }
}
