package peerage.node;

import java.util.List;

/// By which means first contact is made, besides trackers, magnets and memory.
///
/// @param dht whether to take part in the DHT (BEP 5)
/// @param dhtRouters where to enter it, as `host:port`, beside the nodes that are remembered; empty
///     for none
/// @param lan whether to announce ourselves, and listen, on the local network (BEP 14)
record Discovery(boolean dht, List<String> dhtRouters, boolean lan) {
  /// Copies the list.
  Discovery {
    dhtRouters = List.copyOf(dhtRouters);
  }
}
