package peerage.node.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class UnreadTest {
  private final List<Long> levels = new ArrayList<>();
  private final List<String> released = new ArrayList<>();
  private final Unread unread = new Unread(levels::add);

  @Test
  void bordersBetweenPiecesMeanNothing() throws IOException {
    add("ab");
    add("");
    add("cde");
    assertThat(take(4)).isEqualTo("abcd");
    assertThat(take(4)).isEqualTo("e");
  }

  @Test
  void aPieceIsReleasedWhenItsLastByteWasRead() throws IOException {
    add("ab");
    add("cd");
    take(3);
    assertThat(released).containsExactly("ab");
    take(1);
    assertThat(released).containsExactly("ab", "cd");
  }

  @Test
  void theLevelIsToldWheneverItChanges() throws IOException {
    add("ab");
    add("cd");
    take(3);
    take(1);
    long cost = Unread.PIECE_COST;
    assertThat(levels).containsExactly(2 + cost, 4 + 2 * cost, 1 + cost, 0L);
    assertThat(unread.level()).isZero();
  }

  @Test
  void manySmallPiecesCostMoreThanTheirBytes() {
    for (int i = 0; i < 10; i++) {
      add("x");
    }
    assertThat(unread.level()).isEqualTo(10L * (1 + Unread.PIECE_COST));
  }

  @Test
  void whatCameBeforeTheEndIsReadAndWhatComesAfterItIsNot() throws IOException {
    add("ab");
    unread.end();
    add("cd");
    assertThat(released).containsExactly("cd");
    assertThat(take(9)).isEqualTo("ab");
    assertThat(unread.take(ByteBuffer.allocate(9))).isEqualTo(-1);
  }

  @Test
  void aFailureIsToldAfterWhatCameBefore() throws IOException {
    add("ab");
    unread.fail(new IOException("the connection was lost"));
    assertThat(take(9)).isEqualTo("ab");
    assertThatThrownBy(() -> take(9)).isInstanceOf(IOException.class).hasMessageContaining("lost");
  }

  @Test
  void onlyTheFirstEndCounts() throws IOException {
    unread.end();
    unread.fail(new IOException("the connection was lost"));
    assertThat(unread.take(ByteBuffer.allocate(9))).isEqualTo(-1);
  }

  @Test
  void whatIsAbandonedIsReleasedAndTakesNoRoom() {
    add("ab");
    add("cd");
    unread.abandon(new IOException("closed"));
    add("ef");
    assertThat(released).containsExactly("ab", "cd", "ef");
    assertThat(levels.getLast()).isZero();
    assertThatThrownBy(() -> take(9)).isInstanceOf(IOException.class).hasMessage("closed");
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
    unread.abandon(new IOException("closed"));
    assertThat(reader.join()).isEqualTo("closed");
  }

  private void add(String text) {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    unread.add(bytes, () -> released.add(text));
  }

  private String take(int atMost) throws IOException {
    var target = ByteBuffer.allocate(atMost);
    unread.take(target);
    return StandardCharsets.US_ASCII.decode(target.flip()).toString();
  }
}
