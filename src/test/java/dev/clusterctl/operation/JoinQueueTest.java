package dev.clusterctl.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JoinQueueTest {
  private final JoinQueue queue = new JoinQueue();

  @Test
  void oneNodeJoinsAtATimeAndTheOtherIsToldForWhomItWaits() throws Exception {
    List<String> told = new ArrayList<>();
    CountDownLatch waits = new CountDownLatch(1);
    CompletableFuture<String> second;
    try (JoinQueue.Turn first = queue.await(new NodeName("db2"), told::add)) {
      second =
          Background.call(
              () -> {
                try (JoinQueue.Turn turn =
                    queue.await(
                        new NodeName("db3"),
                        text -> {
                          told.add(text);
                          waits.countDown();
                        })) {
                  return "joined";
                }
              });
      assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(second).isNotDone();
    }
    assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("joined");
    assertThat(told).containsExactly("waiting until db2 has joined");
  }

  @Test
  void aNodeThatFailsLetsTheNextOneIn() throws Exception {
    try (JoinQueue.Turn turn = queue.await(new NodeName("db2"), text -> {})) {
      throw new IllegalStateException("it didn't get in");
    } catch (IllegalStateException expected) {
      // Its turn is over all the same.
    }
    List<String> told = new ArrayList<>();
    queue.await(new NodeName("db3"), told::add).close();
    assertThat(told).isEmpty();
  }
}
