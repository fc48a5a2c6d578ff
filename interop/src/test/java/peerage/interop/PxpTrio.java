package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/// A node that relays, and two that are connected to it.
///
/// @param asker asks for a new peer
/// @param relay knows both
/// @param target is there to be found
record PxpTrio(PxpNode asker, PxpNode relay, PxpNode target) implements AutoCloseable {
  /// Connects both to the relay.
  ///
  /// @param scheme by what: `tcp` or `ws`
  static PxpTrio meet(PxpStage stage, PxpKind asker, PxpKind relay, PxpKind target, String scheme) {
    String network = stage.network();
    var trio =
        new PxpTrio(
            stage.process(asker).join(network, Map.of("patient", target == PxpKind.NODE)),
            stage.process(relay).join(network),
            stage.process(target).join(network));
    trio.connect(scheme);
    return trio;
  }

  void connect(String scheme) {
    String uri = relay.listen(scheme);
    target.connect(uri);
    asker.connect(uri);
    relay.stream(1);
  }

  /// The asker gets the target as its new peer, over WebRTC.
  PxpPair introduce() {
    PxpStream there = asker.newPeer();
    PxpStream here = target.stream(1);
    assertThat(List.of(there.transport(), here.transport())).containsOnly("webrtc");
    return new PxpPair(there, here);
  }

  @Override
  public void close() {
    asker.close();
    target.close();
    relay.close();
  }
}
