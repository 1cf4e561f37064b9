package dev.clusterctl.operation.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clusterctl.remote.Command;
import dev.clusterctl.topology.NodeName;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real group, really broken. The image is named by the environment's CLUSTERCTL_TEST_IMAGE:
 * systemd, MySQL 9, iptables.
 */
@Tag("e2e")
class FailoverOfAGroupTest {
  private static ContainerGroup group;

  @BeforeAll
  static void buildGroup() throws Exception {
    String image = System.getenv("CLUSTERCTL_TEST_IMAGE");
    assumeTrue(image != null, "CLUSTERCTL_TEST_IMAGE names no image with systemd and MySQL");
    group = new ContainerGroup(image, Boolean.getBoolean("singlePrimary"));
  }

  @AfterAll
  static void removeGroup() throws Exception {
    if (group != null) {
      group.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "kill", "freeze", "partition"})
  void nothingIsLostAndTheNodeReturns(String how) throws Exception {
    FailoverResult result =
        new FailoverTest(
                group.nodes(), List.of(), group.clients(1), options(how), new Printed(null))
            .run();
    FailoverReport report = ((FailoverResult.Finished) result).report();
    System.out.println(report.text());
    assertThat(report.passed()).as(report.text()).isTrue();
    assertThat(report.verification().acknowledged()).isGreaterThan(500);
    assertNothingIsLeft();
  }

  @Test
  void anInterruptedTestHealsTheNodeAndRemovesItsTables() throws Exception {
    CountDownLatch down = new CountDownLatch(1);
    FailoverTest test =
        new FailoverTest(
            group.nodes(), List.of(), group.clients(1), options("freeze"), new Printed(down));
    Thread runner =
        new Thread(
            () ->
                assertThatThrownBy(test::run)
                    .isInstanceOfAny(InterruptedException.class, java.io.IOException.class));
    runner.start();
    down.await();
    runner.interrupt();
    runner.join(Duration.ofMinutes(2).toMillis());
    assertThat(runner.isAlive()).isFalse();
    assertNothingIsLeft();
    assertGroupIsWholeAgain();
  }

  private static FailoverOptions options(String how) {
    FailoverOptions d =
        FailoverOptions.defaults(
            new NodeName("db1"), Fault.named(how).orElseThrow(), ContainerGroup.SCHEMA);
    return new FailoverOptions(
        d.node(),
        d.fault(),
        d.schema(),
        d.writers(),
        d.writesPerSecond(),
        d.readers(),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        d.returnWithin(),
        Optional.of(Duration.ofSeconds(30)));
  }

  private static void assertNothingIsLeft() throws Exception {
    for (NodeAccess node : group.nodes()) {
      assertThat(
              node.remote()
                  .check(
                      Command.shell(
                          "look for leftovers",
                          "ls -d /run/clusterctl-fault 2>/dev/null;"
                              + " iptables -S | grep CLUSTERCTL;"
                              + " systemctl list-units --no-legend 'clusterctl-heal*'; true")))
          .isBlank();
    }
    try (Connection connection = group.nodes().get(2).connect();
        Statement statement = connection.createStatement()) {
      assertThat(
              Survivors.number(
                  statement,
                  "SELECT COUNT(*) FROM information_schema.tables WHERE table_name LIKE"
                      + " 'clusterctl%'"))
          .isZero();
    }
  }

  private static void assertGroupIsWholeAgain() throws Exception {
    NodeAccess node = group.nodes().get(0);
    FaultSite site =
        new FaultSite(
            node.remote(), new Fault.Stop(), new Fault.Target(node.service(), List.of()), "again");
    NodeReturn back = new NodeReturn(node, group.nodes().subList(1, 3), site, text -> {});
    assertThat(back.await(Duration.ofMinutes(2))).as(back.last()).isTrue();
  }

  /** Prints, and says when the node is down. */
  private record Printed(CountDownLatch down) implements FailoverProgress {
    @Override
    public void phase(String title) {
      System.out.println("== " + title);
    }

    @Override
    public void message(String text) {
      System.out.println("   " + text);
      if (down != null && text.endsWith("is down")) {
        down.countDown();
      }
    }

    @Override
    public void second(Second second) {
      System.out.println(second.line());
    }
  }
}
