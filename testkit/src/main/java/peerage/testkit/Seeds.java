package peerage.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// Runs a test once for each of the seeds 0 to `value() - 1`. The test takes one `long seed` and
/// makes its whole world from it; a failing run shows its seed in the test's name, and
/// `mvn test -Dseed=17` replays that one alone.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "seed {0}")
@ArgumentsSource(Seeds.Provider.class)
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
      @Nullable Long replayed = Long.getLong("seed");
      return replayed != null
          ? Stream.of(Arguments.of(replayed))
          : Stream.iterate(0L, seed -> seed + 1).limit(count).map(Arguments::of);
    }
  }
}
