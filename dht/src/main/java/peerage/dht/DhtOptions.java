package peerage.dht;

/// How a node takes part.
///
/// @param readOnly whether it only asks and never answers (BEP 43): for who is behind a firewall
/// @param router whether it is there for newcomers: it answers more each second than others do
public record DhtOptions(boolean readOnly, boolean router) {
  /// A node like any other.
  public static final DhtOptions DEFAULT = new DhtOptions(false, false);

  /// @throws IllegalArgumentException if a router is to be read-only
  public DhtOptions {
    if (readOnly && router) {
      throw new IllegalArgumentException("a router answers; it cannot be read-only");
    }
  }
}
