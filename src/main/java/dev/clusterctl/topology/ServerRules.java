package dev.clusterctl.topology;

import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerOption;
import dev.clusterctl.dialect.ServerVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules for the MySQL servers and the group they form. */
final class ServerRules {
  private static final int MOST_MEMBERS = 9;

  private final Section root;
  private final Problems problems;

  ServerRules(Section root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  void check(Optional<ServerVersion> version) {
    Section mysql = root.sectionOrEmpty("mysql");
    options(mysql);
    PackageRules packages = new PackageRules(root, problems);
    packages.files(mysql);
    version.ifPresent(v -> packages.server(mysql, v));
    List<Section> nodes = root.sections("nodes");
    nodes.forEach(this::options);
    if (nodes.size() == root.size("nodes")) {
      serverIds(nodes);
      members(nodes);
    }
    Section replication = root.sectionOrEmpty("replication");
    version.ifPresent(v -> innodbCluster(v, replication));
    if (isSourceReplica(replication)) {
      sourceReplica(replication, nodes);
      version.ifPresent(v -> seeding(v, replication));
    } else {
      groupOnly(replication);
      version.ifPresent(v -> failover(v, replication.sectionOrEmpty("failover")));
    }
  }

  private void options(Section section) {
    section
        .options("options")
        .forEach(
            (name, value) ->
                ReservedOptions.advice(name)
                    .ifPresent(
                        advice ->
                            problems.error(
                                value.at(),
                                "clusterctl sets %s itself".formatted(Wording.quote(name)),
                                advice)));
  }

  private void serverIds(List<Section> nodes) {
    Map<Long, Section> seen = new HashMap<>();
    for (Section node : nodes) {
      boolean given = node.has("server-id");
      Optional<Long> id = given ? node.whole("server-id") : standardServerId(node);
      if (id.isPresent()) {
        Section first = seen.putIfAbsent(id.orElseThrow(), node);
        // Where neither is given their addresses are the same, and that is reported.
        if (first != null && (given || first.has("server-id"))) {
          problems.error(
              place(node),
              "server-id %d is taken already in line %d"
                  .formatted(id.orElseThrow(), place(first).line()),
              given
                  ? "give each node a number of its own"
                  : "a node without a server-id has the last part of its address; give it another");
        }
      }
    }
  }

  private static Position place(Section node) {
    return node.has("server-id") ? node.valueAt("server-id") : node.at();
  }

  private Optional<Long> standardServerId(Section node) {
    return root.sectionOrEmpty("machines")
        .whole("subnet-prefix")
        .flatMap(
            prefix ->
                node.text("address").map(a -> new IpAddress(a).hostPart(Math.toIntExact(prefix))));
  }

  private static boolean isSourceReplica(Section replication) {
    return replication
        .text("type")
        .filter(Replication.label(Replication.Type.SOURCE_REPLICA)::equals)
        .isPresent();
  }

  private void sourceReplica(Section replication, List<Section> nodes) {
    for (String key : List.of("group-name", "failover")) {
      if (replication.has(key)) {
        problems.error(
            replication.keyAt(key),
            "'%s' goes with a group, and source-replica has none".formatted(key),
            "remove it");
      }
    }
    if (replication.has("mode")
        && replication
            .text("mode")
            .filter(Replication.label(Replication.Mode.MULTI_PRIMARY)::equals)
            .isPresent()) {
      problems.error(
          replication.valueAt("mode"),
          "there is one source, and it alone takes writes",
          "remove mode, or use type group for several nodes that take writes");
    }
    replication
        .text("source")
        .filter(name -> nodes.stream().noneMatch(n -> n.text("name").equals(Optional.of(name))))
        .ifPresent(
            name ->
                problems.error(
                    replication.valueAt("source"),
                    "no node is named '%s'".formatted(name),
                    "nodes: "
                        + String.join(
                            ", ", nodes.stream().flatMap(n -> n.text("name").stream()).toList())));
    if (nodes.size() == 1) {
      problems.warning(
          root.keyAt("nodes"),
          "a source without a replica has nobody to hand over to",
          "add a node");
    }
  }

  private void seeding(ServerVersion version, Section replication) {
    if (replication
            .text("seeding")
            .filter(Replication.label(Replication.Seeding.CLONE)::equals)
            .isPresent()
        && !Feature.CLONE.versions().contains(version)) {
      problems.error(
          replication.valueAt("seeding"),
          "MySQL %s can't clone: it is in %s".formatted(version, Feature.CLONE.versions()),
          "use auto, xtrabackup or mysqldump");
    }
  }

  private void groupOnly(Section replication) {
    for (String key : List.of("source", "seeding", "semi-sync")) {
      if (replication.has(key)) {
        problems.error(
            replication.keyAt(key),
            "'%s' goes with type source-replica only".formatted(key),
            "remove it");
      }
    }
  }

  private void members(List<Section> nodes) {
    if (isSourceReplica(root.sectionOrEmpty("replication"))) {
      return;
    }
    if (nodes.size() > MOST_MEMBERS) {
      problems.error(
          nodes.get(MOST_MEMBERS).at(),
          "a group has at most %d members, not %d".formatted(MOST_MEMBERS, nodes.size()),
          "remove nodes from here on");
    } else if (nodes.size() == 1) {
      problems.warning(
          root.keyAt("nodes"),
          "a single node can't fail over to another",
          "use three: a group outlives the loss of fewer than half of its members");
    } else if (nodes.size() % 2 == 0 && !nodes.isEmpty()) {
      problems.warning(
          root.keyAt("nodes"),
          "%d nodes outlive the loss of %d, and so do %d"
              .formatted(nodes.size(), nodes.size() / 2 - 1, nodes.size() - 1),
          "use an odd number: half of the members is no majority");
    }
  }

  private void innodbCluster(ServerVersion version, Section replication) {
    boolean wanted =
        replication
            .text("type")
            .filter(Replication.label(Replication.Type.INNODB_CLUSTER)::equals)
            .isPresent();
    if (wanted && !Feature.INNODB_CLUSTER.versions().contains(version)) {
      problems.error(
          replication.valueAt("type"),
          "MySQL %s can't be an InnoDB Cluster: that needs %s"
              .formatted(version, Feature.INNODB_CLUSTER.versions()),
          "use type group, or a later MySQL");
    }
  }

  private void failover(ServerVersion version, Section failover) {
    for (ServerOption option :
        List.of(
            ServerOption.GROUP_REPLICATION_MEMBER_EXPEL_TIMEOUT,
            ServerOption.GROUP_REPLICATION_EXIT_STATE_ACTION,
            ServerOption.GROUP_REPLICATION_CONSISTENCY,
            ServerOption.GROUP_REPLICATION_AUTOREJOIN_TRIES,
            ServerOption.GROUP_REPLICATION_UNREACHABLE_MAJORITY_TIMEOUT)) {
      String key = option.spelling().substring("group_replication_".length()).replace('_', '-');
      if (failover.has(key) && !option.versions().contains(version)) {
        problems.error(
            failover.keyAt(key),
            "MySQL %s has no %s: it is in %s".formatted(version, key, option.versions()),
            "remove it, or use a later MySQL");
      }
    }
    if (ServerOption.GROUP_REPLICATION_EXIT_STATE_ACTION.versions().contains(version)) {
      needs(
          failover,
          "exit-state-action",
          Replication.ExitStateAction.OFFLINE_MODE,
          Feature.EXIT_TO_OFFLINE_MODE,
          version);
    }
    needs(
        failover,
        "communication-stack",
        Replication.CommunicationStack.MYSQL,
        Feature.COMMUNICATION_STACK,
        version);
  }

  private void needs(
      Section failover, String key, Enum<?> value, Feature feature, ServerVersion version) {
    if (failover.text(key).filter(Replication.label(value)::equals).isPresent()
        && !feature.versions().contains(version)) {
      problems.error(
          failover.valueAt(key),
          "MySQL %s has no %s '%s': it is in %s"
              .formatted(version, key, Replication.label(value), feature.versions()),
          "use another value, or a later MySQL");
    }
  }
}
