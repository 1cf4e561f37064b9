package dev.clusterctl.operation;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.ReplicaDiagnosis;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.ReplicaSymptoms;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceFinding;
import dev.clusterctl.operation.Status.Answer;
import dev.clusterctl.operation.Status.NodeStatus;
import dev.clusterctl.operation.Status.NodesLook;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a source and its replicas do, for {@link Status}. */
final class SourceLook {
  private final Map<NodeName, MachineProvider.State> machines;
  private final SourceFinding finding;
  private final Optional<ReplicaObservation> source;
  private final boolean semiSync;

  /**
   * What a node that answers says.
   *
   * @param role what its machine notes, where it follows nobody; empty otherwise
   */
  private record Seen(ReplicaObservation observation, ReplicaSymptoms symptoms, String role) {}

  private SourceLook(
      Map<NodeName, MachineProvider.State> machines,
      SourceFinding finding,
      Optional<ReplicaObservation> source,
      boolean semiSync) {
    this.machines = machines;
    this.finding = finding;
    this.source = source;
    this.semiSync = semiSync;
  }

  static NodesLook at(Cluster cluster, Map<NodeName, MachineProvider.State> machines)
      throws IOException {
    SourceDriver driver = new SourceDriver(cluster);
    List<Answer<Seen>> answers =
        Status.askAll(
            cluster,
            machines,
            node -> {
              try (Session session = cluster.admin(node)) {
                ReplicaObservation now = driver.observe(node, session);
                return new Answer<>(
                    NodeStatus.unknown(node, MachineProvider.State.RUNNING, ""),
                    Optional.of(
                        new Seen(
                            now,
                            driver.symptoms(node, session),
                            now.channel().isEmpty() ? driver.role(node) : "")));
              }
            });
    Map<NodeName, Seen> seen = new LinkedHashMap<>();
    Map<NodeName, IOException> silent = new LinkedHashMap<>();
    for (Answer<Seen> answer : answers) {
      NodeName name = answer.status().name();
      answer
          .observation()
          .ifPresentOrElse(
              s -> seen.put(name, s), () -> silent.put(name, new IOException("it doesn't answer")));
    }
    SourceFinding finding =
        driver.finding(
            new SourceDriver.Observations(
                seen.values().stream().map(Seen::observation).toList(), silent));
    SourceLook look =
        new SourceLook(
            machines,
            finding,
            source(
                cluster, driver, finding, seen.values().stream().map(Seen::observation).toList()),
            cluster.topology().replication().sourceReplica().orElseThrow().semiSync());
    List<ReplicaDiagnosis> diagnoses = new ArrayList<>();
    List<NodeStatus> nodes = new ArrayList<>();
    for (Answer<Seen> answer : answers) {
      Node node = cluster.topology().node(answer.status().name()).orElseThrow();
      if (answer.observation().isPresent()) {
        List<ReplicaDiagnosis> own = look.diagnoses(answer.observation().get());
        diagnoses.addAll(own);
        nodes.add(look.status(node, answer.observation().get().observation(), own.isEmpty()));
      } else {
        nodes.add(answer.status());
        fullDisk(driver, answer.status(), node).ifPresent(diagnoses::add);
      }
    }
    return new NodesLook(nodes, look.problems(nodes, diagnoses), diagnoses);
  }

  /**
   * The source is asked again after all replicas: what they had by then it has, too. Asked at the
   * same time, a replica may have what the source had not yet committed when it answered.
   */
  private static Optional<ReplicaObservation> source(
      Cluster cluster,
      SourceDriver driver,
      SourceFinding finding,
      List<ReplicaObservation> observations)
      throws IOException {
    return finding instanceof SourceFinding.Exists exists
        ? Optional.of(
            driver.observeAfter(cluster.topology().node(exists.node()).orElseThrow(), observations))
        : Optional.empty();
  }

  /** A server that ended for want of room can't say so; its machine can. */
  private static Optional<ReplicaDiagnosis> fullDisk(
      SourceDriver driver, NodeStatus silent, Node node) {
    if (silent.machine() == MachineProvider.State.ABSENT
        || silent.machine() == MachineProvider.State.STOPPED) {
      return Optional.empty();
    }
    try {
      long free = driver.freeBytes(node);
      return free < ReplicaDiagnosis.LITTLE_ROOM
          ? Optional.of(new ReplicaDiagnosis.DiskFull(node.name(), Optional.of(free)))
          : Optional.empty();
    } catch (IOException e) {
      // Why it doesn't answer is said anyway.
      return Optional.empty();
    }
  }

  private boolean isSource(NodeName node) {
    return source.filter(s -> s.node().equals(node)).isPresent();
  }

  private List<ReplicaDiagnosis> diagnoses(Seen node) {
    if (isSource(node.observation().node())) {
      return ReplicaDiagnosis.ofSource(node.observation(), node.symptoms(), semiSync);
    }
    if (source.isPresent()
        && node.role().equals(RoleGuard.SOURCE)
        && !node.observation().writable()) {
      return List.of(
          new ReplicaDiagnosis.FormerSource(
              node.observation().node(),
              source.get().node(),
              node.observation().errant(source.get())));
    }
    boolean aboutToBeSource =
        finding instanceof SourceFinding.Make make && make.node().equals(node.observation().node());
    return aboutToBeSource
        ? List.of()
        : ReplicaDiagnosis.ofReplica(node.observation(), node.symptoms(), source);
  }

  private NodeStatus status(Node node, ReplicaObservation now, boolean healthy) {
    boolean isSource = isSource(now.node());
    Optional<GtidSet> missing =
        isSource ? Optional.empty() : source.map(s -> s.executed().subtract(now.executed()));
    return new NodeStatus(
        node.name(),
        node.address().value(),
        machines.getOrDefault(node.name(), MachineProvider.State.UNKNOWN),
        Optional.of(isSource ? "RUNNING" : state(now)),
        isSource
            ? Optional.of("source")
            : now.channel().isPresent() ? Optional.of("replica") : Optional.empty(),
        now.writable(),
        Optional.of(now.version()),
        now.executed().count(),
        missing.map(GtidSet::count).orElse(0L),
        isSource ? Optional.empty() : now.channel().flatMap(ReplicationChannel::lagSeconds),
        healthy,
        Optional.empty());
  }

  private static String state(ReplicaObservation now) {
    return now.channel()
        .map(
            c -> {
              if (c.running()) {
                return "RUNNING";
              }
              return c.receiveError().isPresent() || c.applyError().isPresent()
                  ? "ERROR"
                  : c.receiving().equals("Connecting") ? "CONNECTING" : "STOPPED";
            })
        .orElse("ALONE");
  }

  private List<String> problems(List<NodeStatus> nodes, List<ReplicaDiagnosis> diagnoses) {
    List<String> problems = new ArrayList<>();
    if (finding instanceof SourceFinding.Refuse refuse) {
      problems.add(refuse.reason() + " (" + refuse.advice() + ")");
    } else if (finding instanceof SourceFinding.Make make) {
      problems.add(
          make.first()
              ? "there is no source yet: clusterctl up makes it " + make.node()
              : "the source %s takes no writes: clusterctl up lets it".formatted(make.node()));
    }
    for (NodeStatus node : nodes) {
      node.problem().ifPresent(p -> problems.add(node.name() + ": " + p));
      diagnoses.stream()
          .filter(d -> d.node().equals(node.name()))
          .forEach(d -> problems.add(d.sentence()));
    }
    return problems;
  }
}
