package dev.clusterctl.operation.copies;

import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.operation.copies.VerifyReport.Guard;
import dev.clusterctl.operation.copies.VerifyReport.TableResult;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Replication;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Are the copies the same, and do those nodes refuse writes that should? */
public final class Verify {
  /** A chunk of a table without a key may be large. */
  private static final Duration STATEMENT = Duration.ofHours(2);

  private static final Duration TELL_EVERY = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final EventSink sink;

  public Verify(Cluster cluster, EventSink sink) {
    this.cluster = cluster;
    this.sink = sink;
  }

  /**
   * Compares every node with the one that takes writes.
   *
   * @throws MySqlException if no node takes writes, or one goes away meanwhile
   */
  public VerifyReport run(VerifyOptions options) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Node writer = cluster.driver().requireWriter();
    List<String> problems = new ArrayList<>();
    List<Copy> others = new ArrayList<>();
    try (Copy reference = open(writer)) {
      for (Node node : cluster.topology().nodes()) {
        if (!node.equals(writer)) {
          add(node, others, problems);
        }
      }
      List<TableResult> tables =
          new TableVerification(reference, others, manyWriters(), options, new Ticker()::rows)
              .run();
      return new VerifyReport(
          reference.node(),
          others.stream().map(Copy::node).toList(),
          tables,
          guards(writer),
          problems,
          Duration.ofNanos(System.nanoTime() - start));
    } finally {
      others.forEach(Copy::close);
    }
  }

  private boolean manyWriters() {
    return cluster.topology().replication().hasGroup();
  }

  private Copy open(Node node) throws IOException {
    return new Copy(node.name().value(), cluster.admin(node, STATEMENT));
  }

  private void add(Node node, List<Copy> others, List<String> problems) {
    try {
      String why = notReplicating(node);
      if (why.isEmpty()) {
        others.add(open(node));
      } else {
        problems.add("%s couldn't be compared: %s".formatted(node.name(), why));
      }
    } catch (IOException e) {
      problems.add("%s couldn't be compared: %s".formatted(node.name(), e.getMessage()));
    }
  }

  /** Why a node won't catch up, however long one waits; empty: it will. */
  private String notReplicating(Node node) throws IOException {
    if (cluster.topology().replication().hasGroup()) {
      GroupMember.State state = new GroupDriver(cluster).observe(node).state();
      return state == GroupMember.State.ONLINE || state == GroupMember.State.RECOVERING
          ? ""
          : "it is %s in its group".formatted(state);
    }
    try (Session session = cluster.admin(node)) {
      return cluster
          .replication(session)
          .channel()
          .map(
              channel ->
                  channel
                      .applyError()
                      .or(channel::receiveError)
                      .map(f -> "it doesn't replicate: " + f.message())
                      .orElse(channel.running() ? "" : "it doesn't replicate now"))
          .orElse("it follows nobody");
    }
  }

  private List<Guard> guards(Node writer) {
    boolean everybodyWrites =
        cluster.topology().replication().mode() == Replication.Mode.MULTI_PRIMARY;
    Guards guards = new Guards(cluster);
    return cluster.topology().nodes().stream()
        .filter(node -> !everybodyWrites && !node.equals(writer))
        .map(guards::tryToWrite)
        .toList();
  }

  /** Says how far it is, and not too often. */
  private final class Ticker {
    private long told = System.nanoTime();

    void rows(TableName table, long compared, long estimate) {
      long now = System.nanoTime();
      if (now - told >= TELL_EVERY.toNanos()) {
        told = now;
        sink.accept(
            new Event.Message(
                Event.Level.INFO,
                "%s: %d of about %d rows compared".formatted(table, compared, estimate)));
      }
    }
  }
}
