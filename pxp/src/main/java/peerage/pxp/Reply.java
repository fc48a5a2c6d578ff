package peerage.pxp;

/// Who waits for the answer to a request.
interface Reply {
  /// The answer came.
  ///
  /// @param args as they stand in the message
  void came(JsonText args);

  /// It will not come: the time is over, or the connection.
  ///
  /// @param why a clause to show
  void missed(String why);
}
