package peerage.webrtc;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/// Keeps what webrtc-java 0.14.0 prints at the very end of the process off the standard output.
///
/// Its static destructors run after the JVM has ended, cannot attach to it any more, and say so in
/// two lines on the standard output, where a program's own output has just been. The C library
/// calls what was registered last first; so closing the standard output, registered after the
/// library was loaded, comes before them and after everything that Java prints.
final class LastWords {
  private static final int STANDARD_OUTPUT = 1;

  private LastWords() {}

  /// To be called once, when the library is loaded. Without the GNU C library it does nothing.
  @SuppressWarnings("restricted") // the flag that allows the library allows this, too
  static void silence() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup names = linker.defaultLookup();
    names.find("__cxa_atexit").ifPresent(atExit -> register(linker, names, atExit));
  }

  @SuppressWarnings("restricted") // as above
  private static void register(Linker linker, SymbolLookup names, MemorySegment atExit) {
    try {
      // int __cxa_atexit(void (*function)(void *), void *argument, void *library)
      var _ =
          (int)
              linker
                  .downcallHandle(
                      atExit,
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT,
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS))
                  .invokeExact(
                      names.findOrThrow("close"),
                      MemorySegment.ofAddress(STANDARD_OUTPUT),
                      MemorySegment.NULL);
    } catch (Throwable e) {
      throw new IllegalStateException("the C library cannot be called", e);
    }
  }
}
