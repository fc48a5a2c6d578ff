package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/// Both ends of one stream.
record PxpPair(PxpStream one, PxpStream other) {
  /// What is written at one end comes out at the other, write by write, and so the other way round.
  void talk() {
    tell(one, other);
    tell(other, one);
  }

  private static void tell(PxpStream from, PxpStream to) {
    List<String> texts = List.of("{\"n\":1}", "{\"n\":2}", "{\"grüße\":[\"你好\",\"🌍\"]}");
    texts.forEach(from::send);
    to.awaitData(texts.size());
    assertThat(to.texts()).isEqualTo(texts);
  }

  /// One end says that it will write no more; the other way stays open until it is ended, too.
  void end() {
    one.end();
    other.awaitEnd();
    other.send("still here");
    one.await("still here");
    other.end();
    one.awaitEnd();
  }
}
