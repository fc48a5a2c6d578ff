package peerage.node;

/// What a network has moved so far, and what it holds now.
///
/// @param peers connected now
/// @param connections open now, those included that are no peers yet
/// @param accepted incoming connections so far
/// @param turnedAway incoming connections that were closed at once, because there were too many
/// @param bytesIn read from all connections so far
/// @param bytesOut written to all connections so far
/// @param buffered bytes that peers wrote and the application has not read yet
/// @param relays begun so far
/// @param bytesRelayed carried for others so far, both directions, by relays that have ended
/// @param eventsLost events that a slow listener has missed so far
public record PxpStats(
    int peers,
    int connections,
    long accepted,
    long turnedAway,
    long bytesIn,
    long bytesOut,
    long buffered,
    long relays,
    long bytesRelayed,
    long eventsLost) {}
