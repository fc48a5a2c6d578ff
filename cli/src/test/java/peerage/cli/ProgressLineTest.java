package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.node.Progress;
import peerage.pieces.MetadataProgress;
import peerage.testkit.Seeds;

/// One torrent's progress in one line.
final class ProgressLineTest {
  private static final long MIB = 1024 * 1024;

  @Test
  void aWideLineSaysEverything() {
    assertThat(line(false, true, 110).live("debian.iso", halfway()))
        .isEqualTo(
            "debian.iso [━━━━━━━━━━··········] 50.0% 50.0/100 MiB ↓2.0 MiB/s ↑120 KiB/s ETA 25s"
                + " peers 12 (T4 X7 I1)");
  }

  @Test
  void aTerminalWithoutSymbolsGetsLetters() {
    assertThat(line(false, false, 120).live("debian.iso", halfway()))
        .isEqualTo(
            "debian.iso [##########----------] 50.0% 50.0/100 MiB down 2.0 MiB/s up 120 KiB/s"
                + " ETA 25s peers 12 (T4 X7 I1)");
  }

  @Test
  void aWordMayFollowAndIsTheFirstToGiveWay() {
    assertThat(line(false, true, 120).plain("x", halfway(), "DHT 57+3")).endsWith(" DHT 57+3");
    assertThat(line(false, true, 120).live("x", halfway(), "DHT 57+3")).endsWith(" DHT 57+3");
    assertThat(line(false, true, 60).live("x", halfway(), "DHT 57+3")).doesNotContain("DHT");
  }

  @Test
  void ofAMagnetTheLineSaysHowFarItsMetadataIs() {
    assertThat(line(false, true, 80).plain("debian", fetching(3, 5, 2)))
        .isEqualTo("debian: metadata 3/5 blocks from 2 peers peers 4 (D3 X1)");
    assertThat(line(false, true, 80).live("debian", fetching(0, 0, 0)))
        .contains("metadata: no peer has it yet");
  }

  private static Progress fetching(int blocks, int of, int peers) {
    SequencedMap<Character, Integer> origins = new LinkedHashMap<>();
    origins.put('D', 3);
    origins.put('X', 1);
    return new Progress(
        Progress.State.METADATA,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        Optional.empty(),
        4,
        0,
        origins,
        9,
        new MetadataProgress(blocks, of, peers));
  }

  @Test
  void theNameGivesWayBeforeTheFigures() {
    assertThat(line(false, true, 80).live("a-very-long-name-of-a-torrent.iso", halfway()))
        .isEqualTo(
            "a-very-lo~ 50.0% 50.0/100 MiB ↓2.0 MiB/s ↑120 KiB/s ETA 25s peers 12 (T4 X7 I1)");
  }

  @Seeds(40)
  void aLineFitsInEveryTerminal(long seed) {
    var random = new SplittableRandom(seed);
    Progress progress = random(random);
    String name = "日本 torrent ".repeat(random.nextInt(1, 8));
    for (int width = 20; width <= 200; width++) {
      String shown = line(false, random.nextBoolean(), width).live(name, progress);
      assertThat(Text.width(shown)).as("%d columns: %s", width, shown).isLessThan(width);
    }
  }

  @Test
  void colourIsOnlyWhereItIsAllowed() {
    assertThat(line(true, true, 120).live("x", halfway())).contains("\033[32m").contains("\033[0m");
    assertThat(line(false, true, 120).live("x", halfway())).doesNotContain("\033");
    assertThat(line(true, true, 120).plain("x", halfway())).doesNotContain("\033");
  }

  @Test
  void aSeedHasNoTimeLeft() {
    assertThat(line(false, true, 80).plain("x", withState(Progress.State.SEEDING)))
        .isEqualTo("x: 50.0% 50.0/100 MiB seeding ↑120 KiB/s peers 12 (T4 X7 I1)");
    assertThat(line(false, true, 80).plain("x", withState(Progress.State.CHECKING)))
        .isEqualTo("x: 50.0% 50.0/100 MiB checking");
  }

  @Test
  void theStyleComesFromTheEnvironment() {
    var utf8 = StandardCharsets.UTF_8;
    assertThat(Terminal.Style.of(true, utf8, Map.of("COLUMNS", "132")))
        .isEqualTo(new Terminal.Style(true, true, true, 132));
    assertThat(Terminal.Style.of(true, utf8, Map.of("NO_COLOR", "1", "COLUMNS", "wide")))
        .isEqualTo(new Terminal.Style(true, false, true, 80));
    assertThat(Terminal.Style.of(true, StandardCharsets.US_ASCII, Map.of("NO_COLOR", "")))
        .isEqualTo(new Terminal.Style(true, true, false, 80));
    assertThat(Terminal.Style.of(true, utf8, Map.of("TERM", "dumb")))
        .isEqualTo(new Terminal.Style(false, false, true, 80));
    assertThat(Terminal.Style.of(false, utf8, Map.of("COLUMNS", "3")))
        .isEqualTo(new Terminal.Style(false, false, true, 20));
  }

  @Test
  void aBoardDrawsOverWhatItDrewBefore() {
    var terminal = new Recorded();
    var board = new StatusBoard(terminal.terminal().out());
    board.draw(java.util.List.of("one", "two"));
    board.draw(java.util.List.of("three"));
    board.erase();
    board.erase();
    assertThat(terminal.out()).isEqualTo("one\ntwo\n\033[2A\r\033[Jthree\n\033[1A\r\033[J");
  }

  private static ProgressLine line(boolean colour, boolean symbols, int width) {
    return new ProgressLine(new Terminal.Style(true, colour, symbols, width));
  }

  private static Progress halfway() {
    return withState(Progress.State.DOWNLOADING);
  }

  private static Progress withState(Progress.State state) {
    SequencedMap<Character, Integer> origins = new LinkedHashMap<>();
    origins.put('T', 4);
    origins.put('X', 7);
    origins.put('I', 1);
    return new Progress(
        state,
        50 * MIB,
        100 * MIB,
        50 * MIB,
        0,
        0,
        2 * MIB,
        120 * 1024,
        Optional.of(Duration.ofSeconds(25)),
        12,
        3,
        origins,
        30,
        MetadataProgress.NONE);
  }

  private static Progress random(SplittableRandom random) {
    long total = random.nextLong(1, 1L << random.nextInt(1, 60));
    SequencedMap<Character, Integer> origins = new LinkedHashMap<>();
    origins.put('X', random.nextInt(2000));
    return new Progress(
        random.nextBoolean() ? Progress.State.DOWNLOADING : Progress.State.SEEDING,
        random.nextLong(total),
        total,
        0,
        0,
        0,
        random.nextLong(1L << 50),
        random.nextLong(1L << 50),
        Optional.of(Duration.ofSeconds(random.nextLong(1L << 40))),
        random.nextInt(2000),
        0,
        origins,
        0,
        MetadataProgress.NONE);
  }
}
