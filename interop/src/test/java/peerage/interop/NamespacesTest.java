package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class NamespacesTest {
  @RegisterExtension final Lab lab = new Lab();

  @Test
  void hostsReachEachOtherAndNothingElse() {
    Host one = lab.host();
    Host other = lab.host();
    assertThat(exec(one, "ip", "route", "get", other.ip4()).exit()).isZero();
    assertThat(exec(one, "ip", "route", "get", other.ip6()).exit()).isZero();
    assertThat(exec(one, "ip", "route", "get", "192.0.2.1").exit()).isNotZero();
    assertThat(exec(one, "ip", "-6", "route", "get", "2001:db8::1").exit()).isNotZero();
  }

  @Test
  void closingRemovesTheNamespacesAndEndsWhatRunsInThem() {
    Namespaces namespaces = Namespaces.open();
    Host host = namespaces.addHost();
    Running process = lab.start(host, "a process that would go on", List.of("sleep", "1000"));
    assertThat(names()).contains(host.namespace());

    namespaces.close();

    assertThat(names()).doesNotContain(host.namespace());
    assertThat(process.awaitExit()).isEqualTo(128 + 9);
  }

  @Test
  void aProcessThatEndsTooEarlyIsNotWaitedFor() {
    Running process = lab.start(lab.host(), "a process that fails", List.of("false"));
    assertThatThrownBy(() -> process.await("never", () -> false))
        .hasMessageContaining("ended with 1 before: never");
  }

  private static Command.Result exec(Host host, String... command) {
    return Command.run(
        "",
        Stream.concat(Stream.of("ip", "netns", "exec", host.namespace()), Stream.of(command))
            .toList());
  }

  private static List<String> names() {
    return Command.must("", "ip", "netns", "list")
        .lines()
        .map(line -> line.split(" ", -1)[0])
        .toList();
  }
}
