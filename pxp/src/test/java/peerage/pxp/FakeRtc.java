package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One side of an upgrade in a [World]: it opens a channel once both sides have a description and
/// an address of the other. Its signals carry numbers, so that one out of order is seen.
final class FakeRtc {
  static final int CANDIDATES = 3;

  final Node node;
  final Attempt attempt;
  final Signal.Kind kind;
  final int id;
  private @Nullable FakeRtc other;
  private int made;
  private int taken;
  private boolean described;
  private boolean addressed;
  boolean over;

  FakeRtc(Node node, Attempt attempt, Signal.Kind kind) {
    this.node = node;
    this.attempt = attempt;
    this.kind = kind;
    this.id = node.world.upgrades.size() + 1;
    node.world.upgrades.put(id, this);
    if (kind == Signal.Kind.OFFER) {
      speak();
    }
  }

  static String fingerprint(Node node) {
    return node.options.identity().map(Identity::fingerprint).orElse("sha-256 00:" + node.ip);
  }

  private void speak() {
    String sdp = "v=0\r\na=rtc:" + id + "\r\na=fingerprint:" + fingerprint(node) + "\r\n";
    make(new Signal.Description(kind, sdp));
    for (int i = 0; i < CANDIDATES; i++) {
      make(new Signal.IceCandidate("candidate:" + id + " " + i, "0", 0));
    }
  }

  private void make(Signal signal) {
    made++;
    node.world.later(
        node.world.latency().plusMillis(20L * made),
        () -> {
          if (!over) {
            node.handle(new Exchange.Input.SignalMade(attempt, signal));
          }
        });
  }

  void take(Signal signal) {
    assertThat(over).as("no signal after the end").isFalse();
    switch (signal) {
      case Signal.Description description -> {
        assertThat(taken++).as("the description comes first").isZero();
        assertThat(description.kind()).isNotEqualTo(kind);
        described = true;
        String number = description.sdp().replaceAll("(?s).*a=rtc:(\\d+).*", "$1");
        other = node.world.upgrades.get(Integer.parseInt(number));
        if (kind == Signal.Kind.ANSWER) {
          speak();
        }
      }
      case Signal.IceCandidate candidate -> {
        assertThat(candidate.candidate()).endsWith(" " + (taken++ - 1));
        addressed = true;
      }
    }
    FakeRtc there = other;
    if (there != null && isReady() && there.isReady() && there.other == this) {
      node.world.later(node.world.latency().plusMillis(30), () -> open(there));
    }
  }

  private boolean isReady() {
    return described && addressed && !over;
  }

  private void open(FakeRtc there) {
    if (!isReady() || !there.isReady() || !node.world.iceWorks || node.dead || there.node.dead) {
      return;
    }
    FakeRtc offerer = kind == Signal.Kind.OFFER ? this : there;
    FakeRtc answerer = kind == Signal.Kind.OFFER ? there : this;
    over = true;
    there.over = true;
    offerer.node.upgrades.remove(offerer.attempt);
    answerer.node.upgrades.remove(answerer.attempt);
    node.world.wire(
        offerer.node,
        new Route(Transport.WEBRTC, Optional.of(answerer.node.ip)),
        Optional.of(offerer.attempt),
        answerer.node,
        new Route(Transport.WEBRTC, Optional.of(offerer.node.ip)),
        Optional.of(answerer.attempt));
  }

  void abandon() {
    over = true;
  }
}
