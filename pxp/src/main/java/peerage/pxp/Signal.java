package peerage.pxp;

import java.util.Objects;

/// One piece of WebRTC signalling, as `upgrade` carries it.
public sealed interface Signal {
  /// The longest SDP or candidate that is taken, in characters: a data channel's SDP has about 900,
  /// with dozens of candidates 10,000. A guess above that.
  int LENGTH_MAX = 32_768;

  /// A session description.
  ///
  /// @param kind offer or answer
  /// @param sdp as it is, 1 to [#LENGTH_MAX] characters
  record Description(Kind kind, String sdp) implements Signal {
    public Description {
      Objects.requireNonNull(kind);
      if (sdp.isEmpty() || sdp.length() > LENGTH_MAX) {
        throw new IllegalArgumentException("an SDP of " + sdp.length() + " characters");
      }
    }
  }

  /// One of the sender's addresses (trickle ICE).
  ///
  /// @param candidate the attribute's value, `candidate:…`; at most [#LENGTH_MAX] characters
  /// @param mid which part of the description, `sdpMid`
  /// @param line the same as a number, `sdpMLineIndex`, from 0
  record IceCandidate(String candidate, String mid, int line) implements Signal {
    public IceCandidate {
      Objects.requireNonNull(mid);
      if (candidate.isEmpty() || candidate.length() > LENGTH_MAX || line < 0) {
        throw new IllegalArgumentException("a candidate of " + candidate.length() + " characters");
      }
    }
  }

  /// Which half of the exchange of descriptions.
  enum Kind {
    /// By who asked for a new peer.
    OFFER,
    /// By who was asked for.
    ANSWER
  }
}
