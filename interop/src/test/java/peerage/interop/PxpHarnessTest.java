package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// peer-exchange among itself, so that a fault of Peerage is not one of the place where it is
/// tested.
@Timeout(120)
final class PxpHarnessTest {
  @RegisterExtension static final Lab LAB = new Lab();

  private static final PxpStage STAGE = new PxpStage(LAB);

  @AfterEach
  void nobodyCrashed() {
    assertThat(STAGE.crashes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"NODE,NODE,tcp", "NODE,NODE,ws", "CHROMIUM,NODE,ws", "NODE,CHROMIUM,ws"})
  void peerExchangeIntroducesItsLikeToEachOther(PxpKind asker, PxpKind target, String scheme) {
    try (var trio = PxpTrio.meet(STAGE, asker, PxpKind.NODE, target, scheme)) {
      PxpPair pair = trio.introduce();

      pair.talk();
      pair.end();
    }
  }
}
