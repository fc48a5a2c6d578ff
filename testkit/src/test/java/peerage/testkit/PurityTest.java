package peerage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PurityTest {
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  void everyForbiddenKindIsFound(Class<?> impure, String breach) {
    assertThat(violations(impure)).contains(impure.getName() + ": " + breach);
  }

  static Stream<Arguments> everyForbiddenKindIsFound() {
    return Stream.of(
        Arguments.of(Impure.Sockets.class, "uses java.net.Socket"),
        Arguments.of(Impure.Sockets.class, "uses java.nio.channels.DatagramChannel"),
        Arguments.of(Impure.Sockets.class, "uses java.net.InetAddress"),
        Arguments.of(Impure.FilesToo.class, "uses java.nio.file.Path"),
        Arguments.of(Impure.FilesToo.class, "uses java.io.FileInputStream"),
        Arguments.of(Impure.FilesToo.class, "uses java.io.RandomAccessFile"),
        Arguments.of(Impure.Threads.class, "uses java.lang.Thread"),
        Arguments.of(Impure.Threads.class, "uses java.util.concurrent.locks.Lock"),
        Arguments.of(Impure.Threads.class, "uses java.util.concurrent.ConcurrentHashMap"),
        Arguments.of(Impure.Threads.class, "calls java.util.List.parallelStream"),
        Arguments.of(Impure.Monitors.class, "synchronizes in wholly"),
        Arguments.of(Impure.Monitors.class, "synchronizes in partly"),
        Arguments.of(Impure.Clocks.class, "calls java.lang.System.nanoTime"),
        Arguments.of(Impure.Clocks.class, "calls java.lang.System.currentTimeMillis"),
        Arguments.of(Impure.Clocks.class, "calls java.time.Instant.now"),
        Arguments.of(Impure.Clocks.class, "calls java.time.LocalDateTime.now"),
        Arguments.of(Impure.Clocks.class, "uses java.time.Clock"),
        Arguments.of(Impure.Clocks.class, "uses java.time.InstantSource"),
        Arguments.of(Impure.Chance.class, "calls java.lang.Math.random"),
        Arguments.of(Impure.Chance.class, "calls java.util.Random.<init>"),
        Arguments.of(Impure.Chance.class, "uses java.security.SecureRandom"),
        Arguments.of(Impure.Chance.class, "uses java.util.concurrent.ThreadLocalRandom"),
        Arguments.of(Impure.Chance.class, "calls java.util.random.RandomGenerator.getDefault"),
        Arguments.of(Impure.Chance.class, "calls java.util.Collections.shuffle"),
        Arguments.of(Impure.Chance.class, "calls java.util.UUID.randomUUID"),
        Arguments.of(Impure.Logs.class, "reads java.lang.System.out"),
        Arguments.of(Impure.Logs.class, "reads java.lang.System.err"),
        Arguments.of(Impure.Logs.class, "calls java.lang.System.getLogger"),
        Arguments.of(Impure.Orders.class, "uses java.util.HashMap"),
        Arguments.of(Impure.Orders.class, "uses java.util.HashSet"),
        Arguments.of(Impure.Orders.class, "calls java.util.Set.of"),
        Arguments.of(Impure.Orders.class, "calls java.util.Set.copyOf"),
        Arguments.of(Impure.Orders.class, "calls java.util.Map.of"),
        Arguments.of(Impure.Orders.class, "calls java.util.Map.copyOf"),
        Arguments.of(Impure.Orders.class, "calls java.util.Map.ofEntries"),
        Arguments.of(Impure.Orders.class, "calls java.util.stream.Collectors.toSet"),
        Arguments.of(Impure.Orders.class, "calls java.util.stream.Collectors.toMap"),
        Arguments.of(Impure.Orders.class, "calls java.util.stream.Collectors.groupingBy"));
  }

  @Test
  void whatAMachineNeedsIsAllowed() {
    assertThat(violations(Impure.NotAtAll.class)).isEmpty();
  }

  private static List<String> violations(Class<?> type) {
    String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      return Purity.violations(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
