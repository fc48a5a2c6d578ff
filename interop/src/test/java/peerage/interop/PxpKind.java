package peerage.interop;

/// Whose node it is.
enum PxpKind {
  /// Peerage, in a process of its own.
  JAVA,
  /// The npm package in Node.js.
  NODE,
  /// The npm package in headless Chromium, which cannot listen.
  CHROMIUM
}
