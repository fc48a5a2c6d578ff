package peerage.node;

/// What the disk says about a file.
///
/// @param exists whether it is there, as a regular file; if not, the numbers are 0
/// @param size in bytes
/// @param mtimeMillis when it was last changed, in milliseconds since 1970
record FileState(boolean exists, long size, long mtimeMillis) {
  /// What is said of a file that is not there.
  static final FileState MISSING = new FileState(false, 0, 0);
}
