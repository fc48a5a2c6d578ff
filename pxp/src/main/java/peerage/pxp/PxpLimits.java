package peerage.pxp;

import java.time.Duration;

/// Every bound of the protocol's implementation that is not configured. JavaScript nodes have none.
///
/// Where "JS" stands, npm `peer-exchange` 2.2.0 was measured or captured.
final class PxpLimits {
  // ---- multiplexer

  /// The longest name of a stream, in bytes of UTF-8. JS: `data:` and the network's name, or
  /// `relay:` and 8 digits. A guess far above.
  static final int NAME_BYTES_MAX = 256;

  /// The longest body of a frame that we send, in bytes. Guess.
  static final int FRAME_BYTES_MAX = 1 << 20;

  /// The longest that we take. One write of a JS application is one frame, be it a whole file; it
  /// is passed on in the pieces that come, so that its length costs nothing. Guess.
  static final int FRAME_BYTES_TAKEN_MAX = 64 << 20;

  /// The longest number in a frame's head, in bytes: enough for 32 bits.
  static final int VARINT_BYTES_MAX = 5;

  /// Channels that the other side may have open at a time. JS has one for messages, one for each
  /// network, and one for each relay. Guess.
  static final int CHANNELS_MAX = 64;

  /// How long we keep what comes on a stream whose name we do not know yet. Only reordering by a
  /// relay between two messages makes us need it, which takes less than a round trip. Guess.
  static final Duration UNKNOWN_NAME_KEPT = Duration.ofSeconds(5);

  /// What is kept of all streams of unknown names together, in bytes. The signalling of a whole
  /// introduction has 5 to 10 KB (JS); guess.
  static final int UNKNOWN_BYTES_MAX = 64 * 1024;

  /// What each kept piece costs of [#UNKNOWN_BYTES_MAX] besides its bytes: about what the objects
  /// around it take.
  static final int UNKNOWN_PIECE_COST = 64;

  /// Names that we have let go before the other side opened them, kept so that what comes late is
  /// dropped. Guess.
  static final int FORGOTTEN_NAMES_MAX = 64;

  // ---- messages

  /// The longest message with its line end, in bytes. JS: an upgrade has 1 KB, an answer to
  /// `getpeers` 90 bytes for each candidate. Guess.
  static final int LINE_BYTES_MAX = 64 * 1024;

  /// How deep JSON may nest; JS needs 4. Guess.
  static final int JSON_DEPTH_MAX = 16;

  /// The longest number in JSON, in characters. JS prints at most 25.
  static final int JSON_NUMBER_MAX = 64;

  /// The longest name in a JSON object, in characters; JS needs 13. Guess.
  static final int JSON_NAME_MAX = 256;

  /// Tokens (values, names, brackets) of one message. An answer with 256 candidates has 5,000.
  /// Guess.
  static final int JSON_TOKENS_MAX = 20_000;

  /// The longest nonce that we pass back, in characters of JSON; JS counts in base 36. Guess.
  static final int NONCE_MAX = 256;

  /// The longest id of a candidate or relay, in characters; JS has 8. So that its stream's name
  /// fits into [#NAME_BYTES_MAX] in any script.
  static final int ID_MAX = 64;

  /// The longest connectInfo that we keep and pass on, in characters: ours with all that may be in
  /// it has 2,500. Guess.
  static final int CONNECT_INFO_MAX = 4096;

  /// Networks of one hello that are looked at. JS sends one. Guess.
  static final int NETWORKS_MAX = 64;

  /// Where one node listens: so many of its endpoints are taken, and told. Guess.
  static final int LISTENING_MAX = 8;

  /// The longest error text of the other side that is kept to show, in characters. Guess.
  static final int ERROR_TEXT_MAX = 200;

  /// Messages in a second from one peer, on average. A JS node sends about 20 for one upgrade, and
  /// two for one search. Guess.
  static final int MESSAGES_PER_SECOND = 20;

  /// Messages from one peer at once: trickled candidates of several upgrades. Guess.
  static final int MESSAGES_AT_ONCE = 200;

  // ---- time

  /// Until the other side's magic and hello are there. JS needs a round trip. Guess.
  static final Duration GREETING_TIME = Duration.ofSeconds(10);

  /// For an answer. JS answers at once, `relay` after one more round trip. Guess.
  static final Duration ANSWER_TIME = Duration.ofSeconds(10);

  /// For opening a byte stream to an endpoint. Guess.
  static final Duration CONNECT_TIME = Duration.ofSeconds(10);

  /// For WebRTC, from the relay being ready to the new connection's hello. ICE itself tries for
  /// some 10 to 30 s. Guess.
  static final Duration UPGRADE_TIME = Duration.ofSeconds(30);

  /// How long the connecting side of a fresh WebRTC connection waits for the other's magic before
  /// it sends its own first byte: JS with `@roamhq/wrtc` loses the order of what comes earlier.
  static final Duration MAGIC_AWAITED = Duration.ofSeconds(1);

  // ---- relays and introductions

  /// Candidates in one answer of ours, chosen at random. JS lists everybody. Guess.
  static final int CANDIDATES_TOLD_MAX = 32;

  /// Candidates of one answer of others that are looked at. Guess.
  static final int CANDIDATES_TAKEN_MAX = 256;

  /// How long a candidate's id is good. JS: 15 s.
  static final Duration CANDIDATE_KEPT = Duration.ofSeconds(15);

  /// Ids that are good at a time towards one peer: four answers of ours. Guess.
  static final int CANDIDATES_OPEN_MAX = 4 * CANDIDATES_TOLD_MAX;

  /// Relays that one peer may have at a time, as asker and as target. Guess.
  static final int RELAYS_PER_PEER_MAX = 4;

  /// Relays at a time in all. Guess.
  static final int RELAYS_MAX = 64;

  /// A relay for signalling on which nothing moved for so long ends. JS signals within a second.
  /// Guess.
  static final Duration RELAY_IDLE_MAX = Duration.ofSeconds(15);

  /// A relay for signalling ends after so long in all. Guess.
  static final Duration RELAY_TIME_MAX = Duration.ofSeconds(60);

  /// Bytes through a relay for signalling, both directions. JS needs 5 to 10 KB. Guess.
  static final int RELAY_BYTES_MAX = 256 * 1024;

  /// Bytes per second and direction through a relay that is an application's stream. JS: 50,000.
  static final int STREAM_RELAY_RATE = 50_000;

  /// Bytes of one direction that may wait in such a relay. Guess.
  static final int STREAM_RELAY_WAITING_MAX = 256 * 1024;

  /// Such a relay ends when nothing moved for so long. Guess.
  static final Duration STREAM_RELAY_IDLE_MAX = Duration.ofMinutes(10);

  /// Bytes through such a relay, both directions. Guess.
  static final long STREAM_RELAY_BYTES_MAX = 1L << 30;

  /// Who did not answer `incoming` in time is not told to others for so long. Guess.
  static final Duration UNRESPONSIVE_UNTOLD = Duration.ofMinutes(10);

  /// Invitations (`incoming`) of one relay that may be open with us at a time. Guess.
  static final int INVITATIONS_PER_PEER_MAX = 4;

  /// Invitations that may be open with us in all. Guess.
  static final int INVITATIONS_MAX = 16;

  /// Signals of one upgrade that are taken from the other side. JS sends about 20. Guess.
  static final int SIGNALS_MAX = 128;

  // ---- search and keeping

  /// Peers that are asked at once in one search. Guess.
  static final int PEERS_ASKED_MAX = 3;

  /// Candidates tried in one search. Guess.
  static final int CANDIDATES_TRIED_MAX = 5;

  /// For one search. Guess.
  static final Duration SEARCH_TIME = Duration.ofSeconds(30);

  /// Searches for the application that may wait at a time. Guess.
  static final int SEARCHES_MAX = 256;

  /// The pause after a fruitless round of keeping peers; doubled each time. Guess.
  static final Duration ROUND_PAUSE_FIRST = Duration.ofSeconds(1);

  /// The longest such pause. Guess.
  static final Duration ROUND_PAUSE_MAX = Duration.ofSeconds(60);

  /// The pause before an endpoint is dialled again; doubled each time. Guess.
  static final Duration DIAL_PAUSE_FIRST = Duration.ofSeconds(1);

  /// The longest such pause. Guess.
  static final Duration DIAL_PAUSE_MAX = Duration.ofMinutes(5);

  /// Dials to one address of a candidate in a minute, so that nobody can aim us at a victim. Guess.
  static final int DIALS_PER_ADDRESS_MAX = 10;

  /// The span of [#DIALS_PER_ADDRESS_MAX].
  static final Duration DIALS_SPAN = Duration.ofMinutes(1);

  /// Bits of an IPv4 address that name its network when neighbours are avoided. Guess.
  static final int NETWORK_BITS_V4 = 16;

  /// The same for IPv6. Guess.
  static final int NETWORK_BITS_V6 = 32;

  /// Endpoints of earlier runs that are kept. Guess.
  static final int REMEMBERED_MAX = 256;

  /// From whom the application parted is not looked for again for so long. Guess.
  static final Duration PARTED_TIME = Duration.ofMinutes(1);

  /// How many of those are remembered. Guess.
  static final int PARTED_MAX = 256;

  // ---- room

  /// How long a visitor may stay when we are full: as long as our candidates are good.
  static final Duration VISIT_TIME = CANDIDATE_KEPT;

  /// Visitors at a time. Guess.
  static final int VISITORS_MAX = 16;

  // ---- an application's stream

  /// Unread bytes at which a stream is given up. Guess: four of the longest frames.
  static final int BACKLOG_MAX = 4 * FRAME_BYTES_MAX;

  /// Unread bytes from which the connection waits for the reader. Guess: the longest frame.
  static final int BACKLOG_HIGH = FRAME_BYTES_MAX;

  /// Unread bytes down to which it waits. Guess.
  static final int BACKLOG_LOW = 256 * 1024;

  /// Who has not read for so long does not make the connection wait. Guess.
  static final Duration READER_PAUSE = Duration.ofSeconds(5);

  private PxpLimits() {}
}
