package peerage.interop;

import java.util.List;

/// A stream of an application, as one of its ends sees it.
///
/// @param number which of its node's
record PxpStream(PxpNode node, long number) {
  /// By what it is carried.
  String transport() {
    return node.await("stream", this::isMine).text("transport");
  }

  /// Writes a text, in one write.
  void send(String text) {
    node.say("send", "stream", number, "text", text);
  }

  /// Writes bytes made up for the purpose, in one write.
  void send(int size) {
    node.say("send", "stream", number, "size", size);
  }

  /// Ends its direction.
  void end() {
    node.say("end", "stream", number);
  }

  /// The short texts it has received, each as it came out of one read or `data` event.
  List<String> texts() {
    return data().stream()
        .filter(event -> event.values().containsKey("text"))
        .map(event -> event.text("text"))
        .toList();
  }

  /// Waits until a text has come in one piece.
  void await(String text) {
    node.process().running().await(this + ": " + text, () -> texts().contains(text));
  }

  /// Waits for some pieces of data, and takes all there are.
  List<JsonLine> awaitData(int pieces) {
    node.process().running().await(this + ": data", () -> data().size() >= pieces);
    return data();
  }

  private List<JsonLine> data() {
    return node.events("data").stream().filter(this::isMine).toList();
  }

  /// Waits until the other side has ended its direction.
  void awaitEnd() {
    node.await("end", this::isMine);
  }

  private boolean isMine(JsonLine event) {
    return event.number("stream") == number;
  }
}
