package peerage.node;

/// A tracker gave no answer, or refused. One sentence, for people.
public final class TrackerFailure extends Exception {
  private static final long serialVersionUID = 1L;

  TrackerFailure(String sentence) {
    super(sentence, null, false, false);
  }

  /// The sentence.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
