package peerage.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How long to seed what is complete.
sealed interface SeedGoal {
  /// Whether it is reached.
  ///
  /// @param ratio bytes sent in this run over the size of what is wanted
  /// @param seeding how long it has been complete in this run
  boolean isReached(double ratio, Duration seeding);

  /// Not at all.
  record None() implements SeedGoal {
    @Override
    public boolean isReached(double ratio, Duration seeding) {
      return true;
    }
  }

  /// Until the user ends it.
  record Forever() implements SeedGoal {
    @Override
    public boolean isReached(double ratio, Duration seeding) {
      return false;
    }
  }

  /// Until so much is given back.
  record Ratio(double ratio) implements SeedGoal {
    @Override
    public boolean isReached(double ratio, Duration seeding) {
      return ratio >= this.ratio;
    }
  }

  /// For so long.
  record Time(Duration time) implements SeedGoal {
    @Override
    public boolean isReached(double ratio, Duration seeding) {
      return seeding.compareTo(time) >= 0;
    }
  }

  /// Until the first of two is reached.
  record Either(SeedGoal one, SeedGoal other) implements SeedGoal {
    @Override
    public boolean isReached(double ratio, Duration seeding) {
      return one.isReached(ratio, seeding) || other.isReached(ratio, seeding);
    }
  }

  /// `2.0` is a ratio, `30m` a time, `forever` is forever.
  final class Converter implements ITypeConverter<SeedGoal> {
    static final String FOREVER = "forever";

    @Override
    public SeedGoal convert(String text) {
      if (text.equals(FOREVER)) {
        return new Forever();
      }
      if (text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?")) {
        return new Ratio(Double.parseDouble(text));
      }
      try {
        return new Time(Quantity.time(text));
      } catch (TypeConversionException _) {
        throw new TypeConversionException(
            "'" + text + "' is neither a ratio such as 2.0 nor a time such as 30m, 2h or 1d");
      }
    }
  }
}
