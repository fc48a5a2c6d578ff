package peerage.pex;

/// A rule that a message breaks.
///
/// @param rule which
/// @param detail where in the message and how, in words; not empty
public record PexFinding(PexRule rule, String detail) {
  /// `too soon after the previous one: 43.2 s`.
  @Override
  public String toString() {
    return rule + ": " + detail;
  }
}
