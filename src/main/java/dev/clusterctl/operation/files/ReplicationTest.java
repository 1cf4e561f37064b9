package dev.clusterctl.operation.files;

import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Background;
import dev.clusterctl.operation.ClientPath;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.failover.ClientEndpoint.Purpose;
import dev.clusterctl.operation.failover.JdbcClientEndpoint;
import dev.clusterctl.operation.failover.JdbcClientEndpoint.Timeouts;
import dev.clusterctl.operation.files.ReplicationReport.OnNode;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Uploads files as an application does, reads them back on every node, deletes half of them, and
 * looks whether the same half is left everywhere. Leaves nothing behind; what a killed run left,
 * the next one clears away.
 */
public final class ReplicationTest {
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration TELL_EVERY = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final Database database;
  private final EventSink sink;

  /**
   * @param database the one in which the test makes its tables, as its application's account
   */
  public ReplicationTest(Cluster cluster, Database database, EventSink sink) {
    this.cluster = cluster;
    this.database = database;
    this.sink = sink;
  }

  /**
   * Runs it with files that it makes itself.
   *
   * @param count how many, at least 2
   * @param bytes of all together, more or less
   * @param patience how long a node may take to have everything
   */
  public ReplicationReport run(int count, long bytes, Duration patience)
      throws IOException, SQLException, InterruptedException {
    Path directory = Files.createTempDirectory("clusterctl-files-");
    try {
      say("making %d files".formatted(count));
      return run(new MadeFiles(System.nanoTime()).make(directory, count, bytes), patience);
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  /**
   * Runs it with somebody's own files.
   *
   * @param directory all files in it are uploaded, but not those in folders of it
   */
  public ReplicationReport run(Path directory, Duration patience)
      throws IOException, SQLException, InterruptedException {
    List<Path> found;
    try (Stream<Path> files = Files.list(directory)) {
      found = files.filter(Files::isRegularFile).sorted().toList();
    }
    if (found.size() < 2) {
      throw new IOException("%s has fewer than two files".formatted(directory));
    }
    List<UploadFile> uploads = new ArrayList<>();
    for (Path file : found) {
      uploads.add(new UploadFile(uploads.size() + 1, file, Files.size(file)));
    }
    return run(uploads, patience);
  }

  private ReplicationReport run(List<UploadFile> files, Duration patience)
      throws IOException, SQLException, InterruptedException {
    UploadTables tables = new UploadTables(database.name(), limits());
    JdbcClientEndpoint endpoint =
        new ClientPath(cluster, sink)
            .application(database, new Timeouts(Duration.ofSeconds(5), ANSWER));
    try (Connection application = endpoint.connect(Purpose.WRITE, 0)) {
      try {
        tables.create(application);
        return run(files, tables, application, endpoint.description(), patience);
      } finally {
        tables.drop(application);
      }
    }
  }

  /** What every server can take. */
  private UploadTables.Limits limits() throws IOException {
    long packet = Long.MAX_VALUE;
    long group = 0;
    for (Node node : cluster.topology().nodes()) {
      try (Session session = cluster.admin(node)) {
        packet =
            Math.min(
                packet,
                session
                    .value("SELECT @@GLOBAL.max_allowed_packet")
                    .map(Long::parseLong)
                    .orElse(1L << 20));
        long limit =
            session
                .query("SHOW GLOBAL VARIABLES LIKE 'group_replication_transaction_size_limit'")
                .stream()
                .mapToLong(row -> row.number("Value"))
                .findFirst()
                .orElse(0);
        group = limit > 0 && (group == 0 || limit < group) ? limit : group;
      }
    }
    return UploadTables.Limits.of(packet, group);
  }

  private ReplicationReport run(
      List<UploadFile> files,
      UploadTables tables,
      Connection application,
      String clients,
      Duration patience)
      throws IOException, SQLException, InterruptedException {
    long bytes = files.stream().mapToLong(UploadFile::size).sum();
    say(
        "uploading %d files, %.1f MB, in parts of %d KB"
            .formatted(files.size(), bytes / 1e6, tables.limits().part() >> 10));
    Map<Integer, Long> acknowledged = new LinkedHashMap<>();
    long begin;
    long uploaded;
    Map<Node, Map<Integer, Long>> seen;
    Map<Node, Arrivals> watched = new LinkedHashMap<>();
    try {
      for (Node node : cluster.topology().nodes()) {
        watched.put(node, new Arrivals(node.name().value(), tables, cluster.admin(node, ANSWER)));
      }
      begin = System.nanoTime();
      upload(files, tables, application, acknowledged);
      uploaded = System.nanoTime();
      seen = awaitAll(watched, acknowledged.keySet(), patience);
    } finally {
      watched.values().forEach(Arrivals::close);
    }
    say("reading them back on every node");
    Map<Node, Reading> readings = readBack(files, tables);
    List<UploadFile> deleted = everySecond(files);
    say("deleting %d of them".formatted(deleted.size()));
    for (UploadFile file : deleted) {
      stopIfAsked();
      tables.delete(application, file);
    }
    Set<Integer> rest = new TreeSet<>(acknowledged.keySet());
    deleted.forEach(file -> rest.remove(file.id()));
    List<OnNode> nodes = new ArrayList<>();
    for (Node node : cluster.topology().nodes()) {
      Reading reading = readings.getOrDefault(node, new Reading(Duration.ZERO, List.of()));
      nodes.add(
          new OnNode(
              node.name().value(),
              lag(acknowledged, seen.getOrDefault(node, Map.of())),
              reading.took(),
              reading.differences(),
              leftOver(node, tables, rest, patience)));
    }
    return new ReplicationReport(
        clients, files.size(), bytes, Duration.ofNanos(uploaded - begin), deleted.size(), nodes);
  }

  private void upload(
      List<UploadFile> files,
      UploadTables tables,
      Connection application,
      Map<Integer, Long> acknowledged)
      throws SQLException, IOException, InterruptedException {
    long told = System.nanoTime();
    for (UploadFile file : files) {
      stopIfAsked();
      tables.upload(application, file);
      long now = System.nanoTime();
      acknowledged.put(file.id(), now);
      if (now - told >= TELL_EVERY.toNanos()) {
        told = now;
        say("%d of %d files uploaded".formatted(acknowledged.size(), files.size()));
      }
    }
  }

  private static void stopIfAsked() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped between two files");
    }
  }

  /** When each file was seen on each node; what doesn't come in time is missed when it is read. */
  private static Map<Node, Map<Integer, Long>> awaitAll(
      Map<Node, Arrivals> watched, Set<Integer> wanted, Duration patience)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Map<Node, Map<Integer, Long>> seen = new LinkedHashMap<>();
      for (Map.Entry<Node, Arrivals> entry : watched.entrySet()) {
        seen.put(entry.getKey(), entry.getValue().seen());
      }
      if (seen.values().stream().allMatch(there -> there.keySet().containsAll(wanted))
          || System.nanoTime() - deadline > 0) {
        return seen;
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  private static Duration lag(Map<Integer, Long> acknowledged, Map<Integer, Long> seen) {
    long longest = 0;
    for (Map.Entry<Integer, Long> entry : acknowledged.entrySet()) {
      longest =
          Math.max(longest, seen.getOrDefault(entry.getKey(), entry.getValue()) - entry.getValue());
    }
    return Duration.ofNanos(longest);
  }

  private record Reading(Duration took, List<String> differences) {}

  private Map<Node, Reading> readBack(List<UploadFile> files, UploadTables tables)
      throws IOException, InterruptedException {
    Map<Node, CompletableFuture<Reading>> asked = new LinkedHashMap<>();
    for (Node node : cluster.topology().nodes()) {
      asked.put(node, Background.call(() -> readBack(node, files, tables)));
    }
    Map<Node, Reading> readings = new LinkedHashMap<>();
    for (Map.Entry<Node, CompletableFuture<Reading>> entry : asked.entrySet()) {
      try {
        readings.put(entry.getKey(), entry.getValue().get());
      } catch (ExecutionException e) {
        throw Background.asIoException(e);
      }
    }
    return readings;
  }

  private Reading readBack(Node node, List<UploadFile> files, UploadTables tables)
      throws IOException, SQLException {
    long begin = System.nanoTime();
    List<String> differences = new ArrayList<>();
    try (Session session = cluster.admin(node, ANSWER)) {
      for (UploadFile file : files) {
        String difference = tables.compare(session.jdbc(), file);
        if (!difference.isEmpty()) {
          differences.add(difference);
        }
      }
    }
    return new Reading(Duration.ofNanos(System.nanoTime() - begin), differences);
  }

  private static List<UploadFile> everySecond(List<UploadFile> files) {
    return files.stream().filter(file -> file.id() % 2 == 0).toList();
  }

  /** Waits until a node has nothing but the rest; what is wrong otherwise. */
  private List<String> leftOver(
      Node node, UploadTables tables, Set<Integer> rest, Duration patience)
      throws IOException, SQLException, InterruptedException {
    try (Session session = cluster.admin(node, ANSWER)) {
      Waiting.until(
          "%s has the %d files that weren't deleted".formatted(node.name(), rest.size()),
          patience,
          LOOK,
          () -> {
            Set<Integer> there = tables.traces(session.jdbc());
            return there.equals(rest) && tables.complete(session.jdbc()).equals(rest)
                ? Look.found(true)
                : Look.notYet("there: " + words(there));
          });
      return List.of();
    } catch (WaitTimeoutException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static String words(Set<Integer> ids) {
    return ids.isEmpty()
        ? "none"
        : ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private void say(String text) {
    sink.accept(new Event.Message(Event.Level.INFO, text));
  }
}
