package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.wire.MetadataMessage;

final class MetadataServeTest {
  private static final int BLOCK = MetadataMessage.BLOCK_SIZE;
  private static final Link PEER = new Link(1);

  private final MetadataServe serve = new MetadataServe();

  private List<MetadataServe.Output> ask(Link link, int block) {
    return serve.handle(new MetadataServe.Input.Asked(link, block));
  }

  private List<MetadataServe.Output> sent(Link link) {
    return serve.handle(new MetadataServe.Input.Sent(link));
  }

  private void has(int size) {
    byte[] info = new byte[size];
    IntStream.range(0, size).forEach(i -> info[i] = (byte) (i / BLOCK + 1));
    serve.handle(new MetadataServe.Input.Arrived(ByteBuffer.wrap(info).asReadOnlyBuffer()));
  }

  private static MetadataServe.Output reject(Link link, int block) {
    return new MetadataServe.Output.Send(link, new MetadataMessage.Reject(block));
  }

  @Test
  void withoutMetadataEveryRequestIsRejected() {
    assertThat(ask(PEER, 0)).containsExactly(reject(PEER, 0));
  }

  @Test
  void aBlockIsServedWithTheSizeOfTheWhole() {
    has(BLOCK + 3);
    byte[] last = {2, 2, 2};
    assertThat(ask(PEER, 1))
        .containsExactly(
            new MetadataServe.Output.Send(PEER, new MetadataMessage.Data(1, BLOCK + 3, last)));
    assertThat(ask(PEER, 2)).containsExactly(reject(PEER, 2));
  }

  @Test
  void whoDoesNotReadHoldsTwoBlocksAndNoMore() {
    has(100 * BLOCK);
    assertThat(IntStream.range(0, 60).mapToObj(i -> ask(PEER, i)).filter(l -> !l.isEmpty()))
        .hasSize(MetadataServe.MAX_SENDING);
    assertThat(sent(PEER)).hasSize(1);
    assertThat(sent(PEER)).hasSize(1);
  }

  @Test
  void whatWaitsIsServedInOrderAndThenNothing() {
    has(4 * BLOCK);
    IntStream.range(0, 4).forEach(i -> ask(PEER, i));
    assertThat(block(sent(PEER))).isEqualTo(2);
    assertThat(block(sent(PEER))).isEqualTo(3);
    assertThat(sent(PEER)).isEmpty();
    assertThat(sent(PEER)).isEmpty();
    assertThat(block(ask(PEER, 0))).isZero();
  }

  @Test
  void tooManyWaitingRequestsAreRejected() {
    has(1_000 * BLOCK);
    int served = MetadataServe.MAX_SENDING + MetadataServe.MAX_WAITING;
    IntStream.range(0, served)
        .forEach(i -> assertThat(ask(PEER, i)).doesNotContain(reject(PEER, i)));
    assertThat(ask(PEER, 500)).containsExactly(reject(PEER, 500));
  }

  @Test
  void whoAsksForAllOfItAFourthTimeIsRejected() {
    has(2 * BLOCK);
    for (int i = 0; i < 2 * MetadataServe.TIMES; i++) {
      assertThat(block(ask(PEER, i % 2))).isEqualTo(i % 2);
      sent(PEER);
    }
    assertThat(ask(PEER, 0)).containsExactly(reject(PEER, 0));
    assertThat(block(ask(new Link(2), 0))).isZero();
  }

  private static int block(List<MetadataServe.Output> outputs) {
    assertThat(outputs).hasSize(1);
    return ((MetadataServe.Output.Send) outputs.getFirst()).message()
            instanceof MetadataMessage.Data(int block, var _, var _)
        ? block
        : -1;
  }
}
