package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peerage.announce.AnnounceEvent;
import peerage.announce.AnnounceRequest;
import peerage.announce.AnnounceResponse;
import peerage.announce.Progress;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;

/// The small tracker of the demo.
final class DemoTrackerTest {
  private static final InfoHash SWARM = InfoHash.of(new byte[20]);
  private static final InfoHash OTHER = InfoHash.parse("01".repeat(20));

  @Test
  void itNamesThoseThatCameBeforeAndForgetsThoseThatLeft() throws Exception {
    try (var tracker = new DemoTracker()) {
      assertThat(peers(tracker, SWARM, 1001, AnnounceEvent.STARTED)).isEmpty();
      assertThat(peers(tracker, SWARM, 1002, AnnounceEvent.STARTED))
          .containsExactly("127.0.0.1:1001");
      assertThat(peers(tracker, SWARM, 1001, AnnounceEvent.COMPLETED))
          .containsExactly("127.0.0.1:1002");
      assertThat(peers(tracker, OTHER, 1003, AnnounceEvent.STARTED)).isEmpty();
      assertThat(peers(tracker, SWARM, 1002, AnnounceEvent.STOPPED)).isEmpty();
      assertThat(peers(tracker, SWARM, 1001, AnnounceEvent.STARTED)).isEmpty();
    }
  }

  @Test
  void whatIsNoAnnounceIsRefusedInASentence() throws Exception {
    try (var tracker = new DemoTracker()) {
      for (String query : List.of("", "?", "?info_hash=short", "?%zz")) {
        byte[] body = get(URI.create((tracker.url() + query).replace("%zz", "%25zz")));
        assertThat(AnnounceResponse.decode(body)).isInstanceOf(AnnounceResponse.Failure.class);
      }
    }
  }

  @Test
  void onceItIsClosedNobodyAnswers() throws IOException {
    var tracker = new DemoTracker();
    tracker.close();
    assertThatThrownBy(() -> get(URI.create(tracker.url()))).isInstanceOf(ConnectException.class);
  }

  private static List<String> peers(
      DemoTracker tracker, InfoHash swarm, int port, AnnounceEvent event)
      throws IOException, InterruptedException, MalformedMessage {
    var request =
        new AnnounceRequest(
            swarm,
            PeerId.of(new byte[20]),
            port,
            new Progress(0, 0, 0),
            Optional.of(event),
            50,
            Optional.empty(),
            0);
    AnnounceResponse response = AnnounceResponse.decode(get(request.uri(tracker.url())));
    return ((AnnounceResponse.Answer) response)
        .peers().stream().map(PeerAddress::toString).toList();
  }

  private static byte[] get(URI uri) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray())
          .body();
    }
  }
}
