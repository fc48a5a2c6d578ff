package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.node.PxpException;
import picocli.CommandLine.TypeConversionException;

/// The command line of `peerage pxp`.
final class PxpOptionsTest {
  private final Recorded shell = new Recorded();

  @ParameterizedTest
  @ValueSource(strings = {"listen", "connect", "pipe", "peers", "chat"})
  void eachCommandHasHelpWithAnExample(String command) {
    assertThat(shell.run("pxp", command, "--help")).isEqualTo(ExitCode.OK);
    assertThat(shell.out())
        .startsWith("Usage: peerage pxp " + command)
        .contains("Example")
        .contains("\n  peerage pxp " + command + " ")
        .doesNotContain("null,")
        .doesNotContain("Default: null");
    var sameByHelp = new Recorded();
    assertThat(sameByHelp.run("help", "pxp", command)).isEqualTo(ExitCode.OK);
    assertThat(sameByHelp.out()).isEqualTo(shell.out());
    var sameWithin = new Recorded();
    assertThat(sameWithin.run("pxp", "help", command)).isEqualTo(ExitCode.OK);
    assertThat(sameWithin.out()).isEqualTo(shell.out());
  }

  @Test
  void noExampleIsBrokenInTheMiddle() {
    PxpCommands.of(shell.terminal())
        .getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(command.getCommandSpec().usageMessage().footer())
                    .as(name)
                    .allMatch(line -> line.length() < 80));
  }

  @Test
  void aloneItShowsItsCommands() {
    assertThat(shell.run("pxp")).isEqualTo(ExitCode.OK);
    assertThat(shell.out()).contains("\n  listen ").contains("\n  pipe ").contains("peer-exchange");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "pxp lisen | there is no command lisen; did you mean listen? (see peerage pxp --help)",
        "help pxp lisen | there is no command lisen; did you mean listen? (see peerage pxp --help)",
        "pxp peers | missing required parameter: 'NETWORK' (see peerage pxp peers --help)",
        "pxp peers net x | 'x' is no address: give tcp://HOST:PORT or ws://HOST:PORT/PATH",
        "pxp peers net http://x:1 | 'http://x:1' is no address: it begins with tcp://, tls://,"
            + " ws:// or wss://",
        "pxp peers net x:1 --max 0 | --max is at least 1",
        "pxp listen net --keep -1 | --keep is 0 or more",
        "pxp listen net --max-peers 0 | --max-peers is 1 to 100,000, not 0",
        "pxp listen net -q -v | --quiet and --verbose exclude each other: give one of them",
        "pxp listen net --listen tls://:0 | to listen on tls://:0 give a key by --tls-key and"
            + " --tls-cert",
        "pxp listen net --tls-key a | --tls-key and --tls-cert belong together: give both",
        "pxp pipe net | name the peer, such as tcp://10.0.0.1:8000, or wait for it by --listen"
            + " :8000",
        "pxp pipe net --listen :0 --introduced | name the node that introduces, such as"
            + " tcp://10.0.0.1:8000",
        "pxp pipe net x:1 --introduced --new-peer | one end gives --new-peer, and the other end"
            + " --introduced",
        "pxp pipe net x:1 --json-lines | standard output is the peer's: --json-lines has no place"
            + " there",
        "pxp connect net | name a node to enter by, such as tcp://10.0.0.1:8000",
        "pxp chat net x:1 --nick a:b | --nick is 1 to 32 letters, and has no colon: not a:b",
      })
  void aMistakeIsOneSentence(String arguments, String sentence) {
    assertThat(shell.run((Object[]) arguments.split(" "))).isEqualTo(ExitCode.BAD_OPTION);
    assertThat(shell.err()).isEqualTo("peerage: " + sentence + "\n");
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void aHostAndPortAloneAreTcp() {
    assertThat(PxpAddress.read("localhost:8000").uri()).isEqualTo("tcp://localhost:8000");
    assertThat(PxpAddress.read(":8000").uri()).isEqualTo("tcp://:8000");
    assertThat(PxpAddress.read("[2001:db8::1]:80").uri()).isEqualTo("tcp://[2001:db8::1]:80");
    assertThat(PxpAddress.read("WSS://example.org/pxp").uri()).isEqualTo("WSS://example.org/pxp");
    assertThat(PxpAddress.read("WSS://example.org/pxp").isEncrypted()).isTrue();
    assertThat(PxpAddress.read("ws://example.org/pxp").isEncrypted()).isFalse();
    assertThatThrownBy(() -> PxpAddress.read("tcp:")).isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "stun:stun.example.org:3478, stun:stun.example.org:3478, '', ''",
    "stun:192.0.2.1, stun:192.0.2.1, '', ''",
    "turn:ada:secret@turn.example.org:3478, turn:turn.example.org:3478, ada, secret",
    "turns:a:b:c@[2001:db8::1]:5349?transport=tcp, turns:[2001:db8::1]:5349?transport=tcp, a, b:c",
  })
  void aServerOfIceIsRead(String text, String uri, String user, String password) {
    assertThat(new IceAddress().convert(text)).isEqualTo(new IceAddress(uri, user, password));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stun", "http://x", "turn:h:1", "stun:a:b@h", "stun:h:1 x", "turn:a@h:1"})
  void whatIsNoServerOfIceIsRefused(String text) {
    assertThatThrownBy(() -> new IceAddress().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @Test
  void whatStrangersWriteCannotTouchTheTerminal() {
    byte[] message = "ben: \u001b[2Jhi\r\n\n\u202eevil\u0007\tend".getBytes(StandardCharsets.UTF_8);
    assertThat(ChatText.lines(message))
        .containsExactly("ben: \uFFFD[2Jhi", "\uFFFDevil\uFFFD\uFFFDend");
    assertThat(ChatText.lines("\n".repeat(1_000_000).getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(ChatText.lines("x\n".repeat(500_000).getBytes(StandardCharsets.UTF_8)))
        .hasSize(ChatText.LINES_MAX);
    assertThat(ChatText.lines("x".repeat(500_000).getBytes(StandardCharsets.UTF_8)).getFirst())
        .hasSize(ChatText.LINE_MAX);
  }

  @Test
  void everyReasonOfAFailureHasAnExitCode() {
    for (PxpException.Reason reason : PxpException.Reason.values()) {
      assertThat(ExitCode.of(reason)).isNotEqualTo(ExitCode.OK);
    }
    assertThat(ExitCode.of(PxpException.Reason.NO_CANDIDATES)).isEqualTo(ExitCode.NO_PEER);
    assertThat(ExitCode.of(PxpException.Reason.UNREACHABLE)).isEqualTo(ExitCode.NETWORK);
  }
}
