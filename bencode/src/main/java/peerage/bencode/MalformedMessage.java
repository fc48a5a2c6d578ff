package peerage.bencode;

/// The bytes are no message: thrown by decoders, without a stack trace, and caught in one place by
/// whoever owns the bytes' sender.
public final class MalformedMessage extends Exception {
  private static final long serialVersionUID = 1L;

  private final int offset;

  /// @param problem what is wrong, in words
  /// @param offset where in the input, in bytes from its start
  public MalformedMessage(String problem, int offset) {
    super(problem + " at byte " + offset, null, false, false);
    this.offset = offset;
  }

  /// For what is wrong with the message as a whole.
  ///
  /// @param problem what is wrong, as a sentence to show
  public MalformedMessage(String problem) {
    super(problem, null, false, false);
    this.offset = 0;
  }

  /// Where in the input, in bytes from its start.
  public int offset() {
    return offset;
  }
}
