package peerage.announce;

/// The numbers that say what a datagram of BEP 15 is, in requests and answers alike.
final class UdpAction {
  static final int CONNECT = 0;
  static final int ANNOUNCE = 1;
  static final int SCRAPE = 2;
  static final int ERROR = 3;

  /// The one option of BEP 41 with data: the path and the query of the tracker's URL.
  static final int URL_DATA = 2;

  static final int END_OF_OPTIONS = 0;
  static final int NO_OPTION = 1;

  /// An option's length is one byte.
  static final int MAX_OPTION = 255;

  private UdpAction() {}
}
