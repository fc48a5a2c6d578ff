package peerage.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;

/// The user's wish to end a command that goes on: Ctrl-C or SIGTERM. The first is a polite one, the
/// second ends the process at once.
final class StopRequest {
  private boolean requested;
  private final AtomicReference<Runnable> listener = new AtomicReference<>(() -> {});

  /// Has the listener called at the first request, on a thread of its own; at once if it was made
  /// already. Only the last listener counts.
  void onRequest(Runnable wake) {
    listener.set(wake);
    if (isRequested()) {
      wake.run();
    }
  }

  synchronized boolean isRequested() {
    return requested;
  }

  /// Asks to end.
  ///
  /// @return whether it was the first time
  boolean request() {
    synchronized (this) {
      if (requested) {
        return false;
      }
      requested = true;
    }
    listener.get().run();
    return true;
  }

  /// Takes the signals of this process. Where the JVM does not let us, they end it as usual.
  void takeSignals() {
    take("INT");
    take("TERM");
  }

  /// `sun.misc.Signal` is in the module `jdk.unsupported` of every JDK, but javac warns of it
  /// whatever is suppressed; hence reflection. A shutdown hook would not do: it cannot see the
  /// second Ctrl-C.
  private void take(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler call =
          (_, method, _) -> {
            if (method.getName().equals("handle")) {
              handle();
            }
            return null;
          };
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance(name),
              Proxy.newProxyInstance(
                  StopRequest.class.getClassLoader(), new Class<?>[] {handler}, call));
    } catch (ReflectiveOperationException | IllegalArgumentException _) {
      // The signal keeps its usual meaning: the process ends, and progress is on disk all the same.
    }
  }

  private void handle() {
    if (!request()) {
      Runtime.getRuntime().halt(ExitCode.UNFINISHED.number());
    }
  }
}
