package peerage.node;

import java.io.IOException;

/// A channel whose two directions end one by one.
interface HalfClosing {
  /// Tells the other side that nothing more comes; reading goes on. May block; closing ends that.
  void finish() throws IOException;
}
