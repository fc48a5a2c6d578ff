package peerage.peers;

import java.util.List;
import java.util.function.Predicate;

/// Which addresses are allowed: all but some.
///
/// @param refused whose addresses are not
public record AddressFilter(List<Subnet> refused) implements Predicate<IpAddress> {
  /// Allows every address.
  public static final AddressFilter ALL = new AddressFilter(List.of());

  /// Copies the list.
  public AddressFilter {
    refused = List.copyOf(refused);
  }

  /// Whether the address is allowed.
  @Override
  public boolean test(IpAddress ip) {
    return refused.stream().noneMatch(subnet -> subnet.contains(ip));
  }
}
