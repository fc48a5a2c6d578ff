package peerage.dht;

import peerage.testkit.PurityContract;

/// Nothing here reaches for the world.
final class PurityTest extends PurityContract {}
