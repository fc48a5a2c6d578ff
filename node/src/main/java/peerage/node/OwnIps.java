package peerage.node;

import java.util.List;
import java.util.Optional;
import peerage.peers.AddressClass;
import peerage.peers.IpAddress;

/// The addresses of this machine from which we speak.
///
/// @param ips those that other hosts could reach
record OwnIps(List<IpAddress> ips) {
  /// Which of ours we name to a peer, in the family that its connection is not of (BEP 10: `ipv4`,
  /// `ipv6`): it tells whether contacts of that family are of use to us. An address of a private
  /// network is nobody's business outside.
  Optional<IpAddress> besides(IpAddress peer) {
    AddressClass place = AddressClass.of(peer);
    return ips.stream()
        .filter(ip -> ip.family() != peer.family())
        .filter(ip -> AddressClass.of(ip) == AddressClass.GLOBAL || AddressClass.of(ip) == place)
        .findFirst();
  }
}
