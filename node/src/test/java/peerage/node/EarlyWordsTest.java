package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import peerage.wire.Block;
import peerage.wire.Message;
import peerage.wire.Metainfo;

/// What is kept of what a peer says before anybody knows how many pieces there are.
final class EarlyWordsTest {
  private final EarlyWords words = new EarlyWords();

  private List<Message> after(Message... messages) {
    List.of(messages).forEach(words::say);
    return words.replay();
  }

  @Test
  void theStateIsReplayedAndNotTheStory() {
    var bits = new Message.Bitfield(new byte[] {1});
    assertThat(
            after(
                new Message.Unchoke(),
                bits,
                new Message.Have(5),
                new Message.Have(5),
                new Message.Choke(),
                new Message.Interested(),
                new Message.AllowedFast(3),
                new Message.KeepAlive(),
                new Message.Unchoke()))
        .containsExactly(
            bits,
            new Message.Have(5),
            new Message.AllowedFast(3),
            new Message.Unchoke(),
            new Message.Interested());
  }

  @Test
  void whoNeverSpokeHasSaidNothing() {
    assertThat(after()).isEmpty();
    assertThat(after(new Message.Interested(), new Message.NotInterested())).isEmpty();
  }

  @Test
  void theLastBitfieldCounts() {
    assertThat(after(new Message.HaveAll(), new Message.Have(1), new Message.HaveNone()))
        .containsExactly(new Message.HaveNone());
  }

  @Test
  void whatAPeerMayMakeUsKeepIsBounded() {
    IntStream.range(0, 100_000).forEach(i -> words.say(new Message.AllowedFast(i)));
    words.say(new Message.Have(-1));
    words.say(new Message.Have(Metainfo.MAX_PIECES));
    words.say(new Message.Request(new Block(0, 0, 1)));
    assertThat(words.replay()).hasSize(100);
  }
}
