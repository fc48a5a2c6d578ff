package peerage.dht;

/// Why a query is not answered (BEP 5, BEP 44).
public enum KrpcError {
  /// Whatever has no number of its own.
  GENERIC(201, "Generic Error"),
  /// The fault is the asked node's.
  SERVER(202, "Server Error"),
  /// "A malformed packet, invalid arguments, or bad token".
  PROTOCOL(203, "Protocol Error"),
  /// The asked node does not know the question.
  METHOD_UNKNOWN(204, "Method Unknown"),
  /// The value of an item is longer than [Item#MAX_VALUE].
  VALUE_TOO_BIG(205, "Message (v field) too big"),
  /// The signature of a mutable item is false.
  BAD_SIGNATURE(206, "Invalid signature"),
  /// The salt of a mutable item is longer than [Item#MAX_SALT].
  SALT_TOO_BIG(207, "Salt (salt field) too big"),
  /// Somebody else wrote in the meantime: read again, then write again.
  CAS_MISMATCH(301, "The CAS hash mismatched, re-read value and try again"),
  /// A newer value is here already.
  SEQ_TOO_LOW(302, "Sequence number less than current");

  private final int code;
  private final String text;

  KrpcError(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /// The number on the wire.
  public int code() {
    return code;
  }

  /// The words beside it.
  public String text() {
    return text;
  }
}
