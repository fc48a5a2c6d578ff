package peerage.pxp;

import java.util.Optional;
import peerage.peers.IpAddress;

/// How a connection reaches the other side.
///
/// @param remote the other side's address as we see it, if the transport tells
public record Route(Transport transport, Optional<IpAddress> remote) {}
