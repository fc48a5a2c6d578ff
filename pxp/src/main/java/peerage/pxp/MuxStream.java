package peerage.pxp;

/// A registered stream of a [Mux]: how far each of its halves is.
final class MuxStream implements TheirChannels.Target {
  private enum Half {
    UNOPENED,
    OPEN,
    ENDED
  }

  final String name;
  private Half theirs = Half.UNOPENED;
  private Half ours = Half.UNOPENED;
  private int theirChannel;
  private int ourChannel;

  MuxStream(String name) {
    this.name = name;
  }

  /// The other side opens its half.
  ///
  /// @return false if it did before
  boolean opened(int channel) {
    if (theirs != Half.UNOPENED) {
      return false;
    }
    theirs = Half.OPEN;
    theirChannel = channel;
    return true;
  }

  void openOurs(int channel) {
    ours = Half.OPEN;
    ourChannel = channel;
  }

  void theirsEnded() {
    theirs = Half.ENDED;
  }

  void oursEnded() {
    ours = Half.ENDED;
  }

  boolean theirsIsOpen() {
    return theirs == Half.OPEN;
  }

  boolean theirsHasEnded() {
    return theirs == Half.ENDED;
  }

  boolean oursIsOpen() {
    return ours == Half.OPEN;
  }

  boolean oursHasEnded() {
    return ours == Half.ENDED;
  }

  boolean writesTo(int channel) {
    return ours == Half.OPEN && ourChannel == channel;
  }

  boolean isOver() {
    return theirs == Half.ENDED && ours == Half.ENDED;
  }

  /// Of the half that the other side has opened.
  int theirChannel() {
    return theirChannel;
  }

  /// Of the half that we have opened.
  int ourChannel() {
    return ourChannel;
  }
}
