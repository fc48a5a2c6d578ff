package peerage.dht;

import java.time.Duration;

/// What a task of the DHT took, and what it came to, over all address families together.
///
/// @param hops how many answers deep the nearest node that answered was: 1 if we knew it before
/// @param queries how many queries were sent, those that store included
/// @param answers how many of them were answered
/// @param found how many peers, items, or samples came, each counted once
/// @param stored how many nodes took what we announced or put
/// @param took from the start to the end
public record LookupReport(
    int hops, int queries, int answers, int found, int stored, Duration took) {}
