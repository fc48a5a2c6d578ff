package peerage.pxp;

/// Every bound of the protocol's implementation that is not configured. JavaScript nodes have none.
final class PxpLimits {
  /// The longest name of a stream, in bytes of UTF-8.
  static final int NAME_BYTES_MAX = 256;

  private PxpLimits() {}
}
