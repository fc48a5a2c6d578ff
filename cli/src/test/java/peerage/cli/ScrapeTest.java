package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.announce.ScrapeRequest;
import peerage.announce.ScrapeResponse;
import peerage.announce.SwarmFigures;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.wire.MetainfoBuilder;

final class ScrapeTest {
  private static final String KNOWN = "aa".repeat(20);
  private static final String OTHER = "bb".repeat(20);

  @TempDir Path folder;
  private final Recorded shell = new Recorded();
  private HttpServer tracker;

  @BeforeEach
  void startATrackerThatKnowsEveryTorrentButOne() throws IOException {
    tracker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tracker.createContext(
        "/scrape",
        exchange -> {
          byte[] body = answer(exchange.getRequestURI().getRawQuery()).encode();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    tracker.start();
  }

  private static ScrapeResponse answer(String query) {
    try {
      var figures = new LinkedHashMap<InfoHash, SwarmFigures>();
      ScrapeRequest.parse(query).hashes().stream()
          .filter(it -> !it.toString().equals(OTHER))
          .forEach(it -> figures.put(it, new SwarmFigures(3, 7, 1)));
      return new ScrapeResponse.Figures(figures, Optional.empty());
    } catch (MalformedMessage e) {
      return new ScrapeResponse.Refused(String.valueOf(e.getMessage()));
    }
  }

  @AfterEach
  void stopTheTracker() {
    tracker.stop(0);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + tracker.getAddress().getPort() + path;
  }

  @Test
  void theTrackersOfATorrentAreAsked() throws IOException {
    Path torrent = folder.resolve("a.torrent");
    byte[] file =
        MetainfoBuilder.ofFile("a", 1)
            .pieces(32_768, new byte[20])
            .tier(List.of(url("/announce")))
            .encode();
    Files.write(torrent, file);
    assertThat(shell.run("scrape", torrent.toString())).isEqualTo(ExitCode.OK);
    assertThat(shell.out()).contains(url("/announce") + "  3 seeds, 1 leech, completed 7 times");
  }

  @Test
  void aTrackerIsAskedAboutSeveralTorrentsInOneDocument() {
    assertThat(
            shell.run(
                "scrape", url("/announce"), "--info-hash", KNOWN, "--info-hash", OTHER, "--json"))
        .isEqualTo(ExitCode.OK);
    assertThat(shell.out())
        .contains(
            "\"info_hash\":\"" + KNOWN + "\",\"ok\":true,\"seeds\":3,\"leeches\":1,\"completed\":7")
        .contains("\"info_hash\":\"" + OTHER + "\",\"ok\":true}");
  }

  @Test
  void aTrackerThatDoesNotKnowTheTorrentSaysSo() {
    assertThat(shell.run("scrape", url("/announce"), "--info-hash", OTHER)).isEqualTo(ExitCode.OK);
    assertThat(shell.out()).contains("not known there");
  }

  @Test
  void ifNoTrackerAnswersTheNetworkFailed() {
    assertThat(shell.run("scrape", url("/x"), "--info-hash", KNOWN)).isEqualTo(ExitCode.NETWORK);
    assertThat(shell.err()).contains("cannot be scraped, by its address");
  }

  @Test
  void aWrongInfoHashIsAWrongCommandLine() {
    assertThat(shell.run("scrape", url("/announce"), "--info-hash", "12"))
        .isEqualTo(ExitCode.BAD_OPTION);
    assertThat(shell.err()).contains("--info-hash takes 40 hex digits, not \"12\"");
  }
}
