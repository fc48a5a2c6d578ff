package peerage.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
  private final Arrivals arrivals = new Arrivals(1000);

  @Test
  void bordersBetweenMessagesMeanNothing() throws IOException {
    add("ab");
    add("");
    add("cde");
    assertThat(take(4)).isEqualTo("abcd");
    assertThat(take(4)).isEqualTo("e");
  }

  @Test
  void whatIsAddedIsCopied() throws IOException {
    byte[] memory = {'a'};
    arrivals.add(ByteBuffer.wrap(memory));
    memory[0] = 'b';
    assertThat(take(1)).isEqualTo("a");
  }

  @Test
  void whatCameBeforeTheEndIsRead() throws IOException {
    add("ab");
    arrivals.end(null);
    assertThat(add("cd")).isTrue();
    assertThat(take(9)).isEqualTo("ab");
    assertThat(arrivals.take(ByteBuffer.allocate(9))).isEqualTo(-1);
  }

  @Test
  void aFailureIsToldAfterWhatCameBefore() throws IOException {
    add("ab");
    arrivals.end(new IOException("the connection was lost"));
    arrivals.end(null);
    assertThat(take(9)).isEqualTo("ab");
    assertThatThrownBy(() -> take(9)).isInstanceOf(IOException.class).hasMessageContaining("lost");
  }

  @Test
  void whatIsNotReadHasABound() throws IOException {
    assertThat(add("x".repeat(900))).isTrue();
    assertThat(add("y".repeat(100))).isFalse();
    assertThat(take(2000)).isEqualTo("x".repeat(900));
    assertThatThrownBy(() -> take(9)).isInstanceOf(IOException.class).hasMessageContaining("1000");
  }

  @Test
  void whatIsReadMakesRoom() throws IOException {
    for (int i = 0; i < 100; i++) {
      assertThat(add("x".repeat(900))).isTrue();
      assertThat(take(900)).hasSize(900);
    }
  }

  @Test
  void manySmallMessagesCostMoreThanTheirBytes() {
    int count = 0;
    while (add("x")) {
      count++;
    }
    assertThat(count).isEqualTo(1000 / (1 + Limits.MESSAGE_COST));
  }

  @Test
  void abandoningWakesTheReader() {
    var reader =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return "read " + take(1);
              } catch (IOException e) {
                return String.valueOf(e.getMessage());
              }
            });
    arrivals.abandon(new IOException("closed"));
    assertThat(reader.join()).isEqualTo("closed");
  }

  private boolean add(String text) {
    return arrivals.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private String take(int atMost) throws IOException {
    var target = ByteBuffer.allocate(atMost);
    arrivals.take(target);
    return StandardCharsets.US_ASCII.decode(target.flip()).toString();
  }
}
