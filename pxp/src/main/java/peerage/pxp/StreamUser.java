package peerage.pxp;

import java.nio.ByteBuffer;

/// Who uses one named stream of a connection.
interface StreamUser {
  /// The other side wrote.
  void data(ByteBuffer bytes, Exchange.Part part);

  /// The other side will write no more.
  void ended();

  /// The connection is gone, and the stream with it.
  ///
  /// @param why a clause to show
  void lost(String why);
}
