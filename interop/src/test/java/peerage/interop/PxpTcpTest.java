package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A stream between two nodes that are connected directly, over TCP or a WebSocket. The network's
/// name is not of ASCII.
@Timeout(120)
final class PxpTcpTest {
  /// More than fits into one read, or into one message of a data channel.
  private static final int LARGE = 300_000;

  @RegisterExtension static final Lab LAB = new Lab();

  private static final PxpStage STAGE = new PxpStage(LAB);

  @AfterEach
  void nobodyCrashed() {
    assertThat(STAGE.crashes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "JAVA,NODE,tcp",
    "NODE,JAVA,tcp",
    "JAVA,JAVA,tcp",
    "JAVA,NODE,ws",
    "NODE,JAVA,ws",
    "JAVA,JAVA,ws"
  })
  void oneWriteIsOneReadBothWaysUntilBothHaveEnded(PxpKind dials, PxpKind listens, String scheme) {
    PxpPair pair = connect(dials, listens, scheme);

    pair.talk();
    pair.end();

    close(pair);
  }

  @ParameterizedTest
  @CsvSource({
    "JAVA,NODE,tcp",
    "NODE,JAVA,tcp",
    "JAVA,JAVA,tcp",
    "JAVA,NODE,ws",
    "NODE,JAVA,ws",
    "JAVA,JAVA,ws"
  })
  void aLargeWriteArrivesWhole(PxpKind dials, PxpKind listens, String scheme) {
    PxpPair pair = connect(dials, listens, scheme);

    pair.one().send(LARGE);
    pair.other().send(LARGE);

    List<JsonLine> there = pair.other().awaitData(1);
    List<JsonLine> here = pair.one().awaitData(1);
    assertThat(List.of(there.size(), here.size())).containsOnly(1);
    assertThat(here.getFirst().number("size")).isEqualTo(LARGE);
    assertThat(here.getFirst().number("sum")).isEqualTo(there.getFirst().number("sum"));
    close(pair);
  }

  @ParameterizedTest
  @CsvSource({"JAVA,NODE,tcp", "NODE,JAVA,tcp", "JAVA,JAVA,tcp", "NODE,JAVA,ws"})
  void nodesOfDifferentNetworksDoNotMeet(PxpKind dials, PxpKind listens, String scheme) {
    PxpNode listener = STAGE.process(listens).join(STAGE.network());
    String uri = listener.listen(scheme);
    PxpNode dialler = STAGE.process(dials).join(STAGE.network());

    dialler.say("connect", "to", uri);

    dialler.await("failed", event -> event.text("what").equals("connect"));
    assertThat(dialler.peers()).isEmpty();
    assertThat(listener.peers()).isEmpty();
    dialler.close();
    listener.close();
  }

  private static PxpPair connect(PxpKind dials, PxpKind listens, String scheme) {
    String network = STAGE.network();
    PxpNode listener = STAGE.process(listens).join(network);
    PxpNode dialler = STAGE.process(dials).join(network);
    var pair = new PxpPair(dialler.connect(listener.listen(scheme)), listener.stream(0));
    assertThat(List.of(pair.one().transport(), pair.other().transport())).containsOnly(scheme);
    return pair;
  }

  private static void close(PxpPair pair) {
    pair.one().node().close();
    pair.other().node().close();
  }
}
