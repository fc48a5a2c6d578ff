package peerage.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import peerage.node.PxpPeer;
import peerage.pxp.Role;
import peerage.pxp.Transport;

/// What is shown of a peer of a PXP network.
///
/// @param name what it is called in this run: `peer 3`
/// @param remote its address as we see it, if the transport tells
/// @param introducedBy the name of the peer that introduced it, if one did
/// @param identity its proven key, if it has proved one
/// @param token its random number of this run, if it shows one
/// @param listening where it says that it listens
record PeerLine(
    String name,
    Transport transport,
    Role role,
    Optional<String> remote,
    Optional<String> introducedBy,
    Optional<String> identity,
    Optional<String> token,
    List<String> listening) {
  static PeerLine of(PxpPeer peer) {
    return new PeerLine(
        peer.ref().toString(),
        peer.transport(),
        peer.role(),
        peer.remote().map(Object::toString),
        peer.introducedBy().map(teller -> teller.ref().toString()),
        peer.identity().map(Object::toString),
        peer.token(),
        peer.listening().stream().map(Object::toString).toList());
  }

  /// `tcp`, `webrtc`.
  String carrier() {
    return transport.name().toLowerCase(Locale.ROOT);
  }

  /// `peer 3 (tcp 10.0.0.7)`.
  String shortText() {
    return name + " (" + carrier() + remote.map(address -> " " + address).orElse("") + ")";
  }

  /// `peer 3 joined over webrtc (10.0.0.7), introduced by peer 1`.
  String joinedText() {
    String how =
        introducedBy
            .map(teller -> ", introduced by " + teller)
            .orElse(role == Role.ACCEPT ? ", it connected to us" : ", we connected to it");
    return name
        + " joined over "
        + carrier()
        + remote.map(address -> " (" + address + ")").orElse("")
        + how
        + identity.map(key -> ", identity " + key).orElse("");
  }

  void write(Json json) {
    json.put("peer", name)
        .put("transport", carrier())
        .put("direction", role == Role.ACCEPT ? "incoming" : "outgoing")
        .put("remote", remote)
        .put("introduced_by", introducedBy)
        .put("identity", identity)
        .put("token", token)
        .texts("listening", listening);
  }
}
