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

  /// Where in the input, in bytes from its start.
  public int offset() {
    return offset;
  }
}
