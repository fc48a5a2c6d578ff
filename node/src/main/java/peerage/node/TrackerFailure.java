package peerage.node;

/// A tracker gave no answer. One sentence, for people.
final class TrackerFailure extends Exception {
  private static final long serialVersionUID = 1L;

  TrackerFailure(String sentence) {
    super(sentence, null, false, false);
  }

  /// The sentence.
  String sentence() {
    return String.valueOf(getMessage());
  }
}
