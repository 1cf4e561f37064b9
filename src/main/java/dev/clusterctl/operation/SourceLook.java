package dev.clusterctl.operation;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.mysql.SemiSyncState;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How a source and its replicas do, for {@link Status}. */
final class SourceLook {
  private final Map<NodeName, MachineProvider.State> machines;
  private final Map<NodeName, ReplicaObservation> observations;
  private final Map<NodeName, More> more;
  private final SourceFinding finding;
  private final Optional<ReplicaObservation> source;

  private SourceLook(
      Map<NodeName, MachineProvider.State> machines,
      Map<NodeName, ReplicaObservation> observations,
      Map<NodeName, More> more,
      SourceFinding finding) {
    this.machines = machines;
    this.observations = observations;
    this.more = more;
    this.finding = finding;
    this.source =
        finding instanceof SourceFinding.Exists exists
            ? Optional.ofNullable(observations.get(exists.node()))
            : Optional.empty();
  }

  /**
   * What a node says beyond replication itself.
   *
   * @param role what its machine notes, where it follows nobody; empty otherwise
   */
  private record More(String role, Optional<SemiSyncState> semiSync) {}

  static NodesLook at(Cluster cluster, Map<NodeName, MachineProvider.State> machines)
      throws IOException {
    SourceDriver driver = new SourceDriver(cluster);
    boolean semiSync = cluster.topology().replication().sourceReplica().orElseThrow().semiSync();
    Map<NodeName, More> more = new ConcurrentHashMap<>();
    List<Answer<ReplicaObservation>> answers =
        Status.askAll(
            cluster,
            machines,
            node -> {
              try (Session session = cluster.admin(node)) {
                ReplicaObservation seen = driver.observe(node, session);
                more.put(
                    node.name(),
                    new More(
                        seen.channel().isEmpty() ? driver.role(node) : "",
                        semiSync && seen.writable()
                            ? cluster.replication(session).semiSync()
                            : Optional.empty()));
                return new Answer<>(
                    NodeStatus.unknown(node, MachineProvider.State.RUNNING, ""), Optional.of(seen));
              }
            });
    Map<NodeName, ReplicaObservation> observations = new java.util.HashMap<>();
    List<NodeName> silent = new ArrayList<>();
    for (Answer<ReplicaObservation> answer : answers) {
      answer
          .observation()
          .ifPresentOrElse(
              o -> observations.put(o.node(), o), () -> silent.add(answer.status().name()));
    }
    SourceFinding finding =
        driver.finding(
            new SourceDriver.Observations(List.copyOf(observations.values()), asReasons(silent)));
    if (finding instanceof SourceFinding.Exists exists) {
      // Once more, after its replicas: they go on while all are asked at once.
      Node source = cluster.topology().node(exists.node()).orElseThrow();
      observations.put(
          exists.node(), driver.observeAfter(source, List.copyOf(observations.values())));
    }
    SourceLook look = new SourceLook(machines, observations, more, finding);
    List<NodeStatus> nodes = new ArrayList<>();
    for (Answer<ReplicaObservation> answer : answers) {
      nodes.add(
          answer
              .observation()
              .map(o -> look.status(cluster.topology().node(o.node()).orElseThrow(), o))
              .orElse(answer.status()));
    }
    return new NodesLook(nodes, look.problems(nodes));
  }

  private static Map<NodeName, IOException> asReasons(List<NodeName> silent) {
    Map<NodeName, IOException> reasons = new java.util.LinkedHashMap<>();
    silent.forEach(name -> reasons.put(name, new IOException("it doesn't answer")));
    return reasons;
  }

  private NodeStatus status(Node node, ReplicaObservation now) {
    boolean isSource = source.filter(s -> s.node().equals(now.node())).isPresent();
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
        isSource || (!now.writable() && problemsOf(now).isEmpty()),
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

  private List<String> problems(List<NodeStatus> nodes) {
    List<String> problems = new ArrayList<>();
    if (finding instanceof SourceFinding.Refuse refuse) {
      problems.add(refuse.reason() + " (" + refuse.advice() + ")");
    } else if (finding instanceof SourceFinding.Make make) {
      problems.add(
          make.first()
              ? "there is no source yet: clusterctl up makes it " + make.node()
              : "the source %s takes no writes: clusterctl up lets it".formatted(make.node()));
    }
    source
        .flatMap(s -> Optional.ofNullable(more.get(s.node())).flatMap(More::semiSync))
        .filter(s -> !s.inEffect())
        .ifPresent(s -> problems.add(alone(s)));
    for (NodeStatus node : nodes) {
      node.problem().ifPresent(p -> problems.add(node.name() + ": " + p));
      Optional.ofNullable(observations.get(node.name()))
          .filter(o -> source.filter(s -> s.node().equals(o.node())).isEmpty())
          .ifPresent(o -> problems.addAll(problemsOf(o)));
    }
    return problems;
  }

  private String alone(SemiSyncState state) {
    return state.enabled()
        ? "semi-sync is asked for, and %s acknowledges commits that no replica has (%d replicas connected): a fail-over now may lose them"
            .formatted(source.orElseThrow().node(), state.replicas())
        : "semi-sync is asked for, and off on %s: clusterctl up"
            .formatted(source.orElseThrow().node());
  }

  /**
   * One that was away while another became the source; or one that never was told whom to follow.
   */
  private String followsNobody(ReplicaObservation now) {
    boolean wasSource =
        Optional.ofNullable(more.get(now.node()))
            .filter(m -> m.role().equals(RoleGuard.SOURCE))
            .isPresent();
    if (source.isEmpty() || now.writable()) {
      return "%s follows nobody".formatted(now.node());
    }
    GtidSet errant = source.map(now::errant).orElse(GtidSet.EMPTY);
    return "%s %s%s: clusterctl rejoin %1$s"
        .formatted(
            now.node(),
            wasSource
                ? "was the source before %s, and is kept read-only"
                    .formatted(source.orElseThrow().node())
                : "follows nobody",
            errant.isEmpty()
                ? ""
                : "; it has transactions that %s lacks (%s)"
                    .formatted(source.orElseThrow().node(), errant));
  }

  private List<String> problemsOf(ReplicaObservation now) {
    List<String> problems = new ArrayList<>();
    if (now.channel().isEmpty()) {
      problems.add(followsNobody(now));
      return problems;
    }
    ReplicationChannel channel = now.channel().get();
    source
        .filter(s -> !now.follows(s.address()))
        .ifPresent(
            s ->
                problems.add(
                    "%s follows %s, which isn't the source: clusterctl up has it follow %s"
                        .formatted(now.node(), channel.sourceHost(), s.node())));
    if (now.writable()) {
      problems.add(now.node() + " is a replica and takes writes: clusterctl up stops that");
    }
    source
        .map(now::errant)
        .filter(e -> !e.isEmpty())
        .ifPresent(
            e ->
                problems.add(
                    "%1$s has transactions that the source lacks (%2$s): clusterctl reseed %1$s"
                        .formatted(now.node(), e)));
    channel
        .receiveError()
        .ifPresent(e -> problems.add("%s: %s".formatted(now.node(), e.message())));
    channel.applyError().ifPresent(e -> problems.add("%s: %s".formatted(now.node(), e.message())));
    if (!channel.running() && channel.receiveError().isEmpty() && channel.applyError().isEmpty()) {
      problems.add(
          "%s doesn't replicate (receiving: %s, applying: %s): clusterctl up starts it"
              .formatted(now.node(), channel.receiving(), channel.applying() ? "Yes" : "No"));
    }
    return problems;
  }
}
