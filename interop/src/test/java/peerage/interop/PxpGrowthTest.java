package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A network of both kinds of nodes that begins with one address.
@Timeout(120)
final class PxpGrowthTest {
  @RegisterExtension static final Lab LAB = new Lab();

  private static final PxpStage STAGE = new PxpStage(LAB);

  @Test
  void javaAndJavaScriptNodesThatComeOneByOneAllFindPeersInOneNetwork() {
    String network = STAGE.network();
    PxpNode relay = STAGE.process(PxpKind.JAVA).join(network);
    String uri = relay.listen("tcp");
    List<PxpNode> crowd = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      crowd.add(STAGE.process(PxpKind.NODE).join(network, Map.of("patient", true)));
      crowd.getLast().connect(uri);
      if (i > 0) {
        crowd.getLast().awaitNewPeer();
      }
      Map<String, Object> keeps = Map.of("keep", 3, "bootstrap", uri);
      crowd.add(STAGE.process(PxpKind.JAVA).join(network, keeps));
      crowd.getLast().peers(); // joins by the first command
    }
    List<PxpNode> javas = crowd.stream().filter(node -> node.process() instanceof PxpJava).toList();
    javas.forEach(node -> node.awaitPeers(3));
    assertThat(STAGE.crashes()).isEmpty();
    assertThat(relay.peers()).hasSizeGreaterThanOrEqualTo(crowd.size());
    // Nobody says goodbye: introductions are under way, and @roamhq/wrtc crashes now and then when
    // it sends to who leaves. The processes end with this class.
  }
}
