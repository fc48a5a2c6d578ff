package peerage.node;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator.SplittableGenerator;

/// What the swarms of one [Peerage] share.
///
/// @param clock the time that machines are given
/// @param alarm ends blocking calls
/// @param dialler makes outgoing connections
/// @param trackers asks trackers
/// @param pool buffers of the network
/// @param down the limit on what comes in
/// @param up the limit on content that goes out
/// @param own the addresses of this machine
/// @param filters which addresses we have to do with
/// @param state where progress is kept
/// @param memory the peers that were reached
/// @param discovery by which means first contact is made
/// @param udp our UDP port
/// @param dht our part in the DHT; empty if we take none
/// @param lan local discovery; empty if we do without
/// @param metadata what magnets brought
record Services(
    MonotonicClock clock,
    Alarm alarm,
    Dialler dialler,
    Trackers trackers,
    BufferPool pool,
    RateLimiter down,
    RateLimiter up,
    OwnIps own,
    AtomicReference<Filters> filters,
    Path state,
    PeerMemory memory,
    Discovery discovery,
    UdpPort udp,
    Optional<DhtLoop> dht,
    Optional<LanPort> lan,
    MetadataStore metadata) {

  /// A generator for one swarm, from the system's entropy.
  static SplittableGenerator newRandom() {
    return new SplittableRandom(new SecureRandom().nextLong());
  }
}
