package dev.clusterctl.operation.steps;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.MemberFile;
import dev.clusterctl.render.ProvisionScript;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All steps from nothing to a cluster that a client gets through to. */
public final class UpPlan {
  private final Cluster cluster;
  private final Topology topology;
  private final List<Step> steps = new ArrayList<>();

  private UpPlan(Cluster cluster) {
    this.cluster = cluster;
    this.topology = cluster.topology();
  }

  /** The plan for a cluster. */
  public static Plan of(Cluster cluster) throws IOException {
    UpPlan plan = new UpPlan(cluster);
    Set<String> ready = plan.servers();
    boolean grouped = plan.topology.replication().hasGroup();
    Step writer =
        plan.add(grouped ? new GroupStep(cluster, ready) : new SourceStep(cluster, ready));
    Set<String> members = new LinkedHashSet<>();
    for (Node node : plan.topology.nodes()) {
      members.add(grouped ? plan.member(node, writer) : plan.replica(node, writer));
    }
    plan.add(new OptionsStep(cluster, members));
    // A replica that is empty beside a source that is, too, needs no copy of it: none is to get its
    // first data while that is being found out.
    Step databases =
        plan.add(new DatabasesStep(cluster, Set.of(writer.id()), grouped ? Set.of() : members));
    if (!grouped) {
      Set<String> proven = new LinkedHashSet<>(members);
      proven.add(databases.id());
      plan.add(new ProofStep(cluster, proven));
    }
    Set<String> clientNeeds = new LinkedHashSet<>(Set.of(databases.id()));
    if (grouped) {
      clientNeeds.add(plan.add(new SysHelpersStep(cluster, Set.of(databases.id()))).id());
    }
    plan.topology.proxy().ifPresent(proxy -> clientNeeds.add(plan.proxy(proxy, writer, databases)));
    plan.add(new ClientStep(cluster, clientNeeds, members));
    return Plan.of(plan.steps, UpPlan::phase);
  }

  /** The part of the plan that ends with running servers, which nobody has given a role yet. */
  public static Plan servers(Cluster cluster) throws IOException {
    UpPlan plan = new UpPlan(cluster);
    plan.servers();
    return Plan.of(plan.steps, UpPlan::phase);
  }

  /** All machines, and a server on each node; the ids of the last steps. */
  private Set<String> servers() throws IOException {
    steps.addAll(cluster.provider().creation());
    String script = ProvisionScript.mysql(topology);
    Set<String> ready = new LinkedHashSet<>();
    for (Node node : topology.nodes()) {
      ready.add(server(node, script));
    }
    return ready;
  }

  /** The part of the whole that a step belongs to, for the summary. */
  private static String phase(Step step) {
    String name = step.id().substring(step.id().indexOf('/') + 1);
    return switch (name) {
      case "engine", "image", "network", "machine" -> "machines";
      case "group", "member", "member-file", "options", "source", "seed", "replica", "proof" ->
          "replication";
      case "databases", "sys-helpers" -> "databases";
      case "client" -> "client";
      default -> name.startsWith("proxy") ? "proxy" : "servers";
    };
  }

  /** From a machine to a running server with accounts; the id of the last step. */
  private String server(Node node, String script) {
    Remote remote = cluster.remote(node.name());
    Step packages =
        add(new PackagesStep(remote, script, Set.of(MachineProvider.readyStep(node.name()))));
    Step options = add(new OptionFileStep(cluster, node, Set.of(packages.id())));
    Set<String> beforeSettings = new LinkedHashSet<>(Set.of(packages.id()));
    if (!topology.replication().hasGroup()) {
      beforeSettings.addAll(guard(node, packages));
    }
    Step settings = add(new ServiceDropInStep(cluster, node, beforeSettings));
    Step data = add(new DataDirectoryStep(cluster, node, Set.of(options.id())));
    Step identity = add(new IdentityStep(cluster, node, Set.of(data.id())));
    Step server = add(new ServerStep(cluster, node, Set.of(identity.id(), settings.id())));
    return add(new LocalAccountsStep(cluster, node, Set.of(server.id()))).id();
  }

  /** The script that decides whether a source may take writes, and what it asks the others with. */
  private Set<String> guard(Node node, Step packages) {
    Remote remote = cluster.remote(node.name());
    Step script =
        add(
            new FileStep(
                remote,
                "role-guard",
                "role guard in place",
                () ->
                    RemoteFile.of(RoleGuard.PATH, RoleGuard.script(topology, node))
                        .withMode("0755"),
                Set.of(packages.id())));
    Step options =
        add(
            new SecretFileStep(
                remote,
                "role-guard-account",
                "role guard's account in place",
                () ->
                    RemoteFile.of(
                            RoleGuard.PEER_OPTIONS,
                            RoleGuard.peerOptions(
                                cluster.recovery().user(), cluster.recovery().password()))
                        .withMode("0600"),
                Set.of(packages.id())));
    return Set.of(script.id(), options.id());
  }

  private String replica(Node node, Step source) {
    Step seed = add(new SeedStep(cluster, node, Set.of(source.id(), node.name() + "/accounts")));
    return add(new ReplicaStep(cluster, node, Set.of(seed.id()))).id();
  }

  private String member(Node node, Step group) {
    Step member = add(new MemberStep(cluster, node, Set.of(group.id(), node.name() + "/accounts")));
    return add(new FileStep(
            cluster.remote(node.name()),
            "member-file",
            "rejoins at boot",
            () -> RemoteFile.of(MemberFile.PATH, MemberFile.content()),
            Set.of(member.id())))
        .id();
  }

  private String proxy(Proxy proxy, Step writer, Step databases) {
    Remote remote = cluster.remote(proxy.name());
    Step packages =
        add(
            new PackagesStep(
                remote,
                ProvisionScript.proxy(topology),
                Set.of(MachineProvider.readyStep(proxy.name()))));
    if (proxy instanceof Proxy.Router router) {
      return RouterSteps.add(this::add, cluster, router, packages, writer);
    }
    return add(new ProxySqlStep(
            cluster, (Proxy.ProxySql) proxy, Set.of(packages.id(), databases.id())))
        .id();
  }

  private <S extends Step> S add(S step) {
    steps.add(step);
    return step;
  }
}
