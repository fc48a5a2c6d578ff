package peerage.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// Runs a test once for each of the seeds 0 to `value() - 1`. The test takes a `long seed` first
/// and makes its whole world from it. The seed stands in the test's name and in the message of its
/// failure, and `mvn test -Dseed=17` replays that one alone.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "seed {0}")
@ArgumentsSource(Seeds.Provider.class)
@ExtendWith(Seeds.Teller.class)
public @interface Seeds {
  /// How many seeds to run: at least 1.
  int value();

  /// Hands out the seeds, or the one seed that `-Dseed=` names.
  final class Provider implements ArgumentsProvider, AnnotationConsumer<Seeds> {
    private int count;

    /// Called by JUnit.
    public Provider() {}

    @Override
    public void accept(Seeds seeds) {
      count = seeds.value();
    }

    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      Long replayed = Long.getLong("seed");
      LongStream seeds = replayed != null ? LongStream.of(replayed) : LongStream.range(0, count);
      return seeds.mapToObj(Arguments::of);
    }
  }

  /// Says in the message of a failure how to replay it.
  final class Teller implements InvocationInterceptor {
    /// Called by JUnit.
    public Teller() {}

    @Override
    public void interceptTestTemplateMethod(
        Invocation<@Nullable Void> invocation,
        ReflectiveInvocationContext<Method> call,
        ExtensionContext context)
        throws Throwable {
      try {
        invocation.proceed();
      } catch (AssertionError | Exception failure) {
        String replay = "replay with -Dseed=" + call.getArguments().getFirst();
        throw new AssertionError(replay + ": " + failure.getMessage(), failure);
      }
    }
  }
}
