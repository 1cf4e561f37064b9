package dev.clusterctl.operation.steps;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.MemberFile;
import dev.clusterctl.render.ProvisionScript;
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
    plan.steps.addAll(cluster.provider().creation());
    String script = ProvisionScript.mysql(plan.topology);
    Set<String> ready = new LinkedHashSet<>();
    for (Node node : plan.topology.nodes()) {
      ready.add(plan.server(node, script));
    }
    Step group = plan.add(new GroupStep(cluster, ready));
    Set<String> members = new LinkedHashSet<>();
    for (Node node : plan.topology.nodes()) {
      members.add(plan.member(node, group));
    }
    plan.add(new OptionsStep(cluster, members));
    Step databases = plan.add(new DatabasesStep(cluster, Set.of(group.id())));
    Step helpers = plan.add(new SysHelpersStep(cluster, Set.of(databases.id())));
    Set<String> clientNeeds = new LinkedHashSet<>(Set.of(helpers.id()));
    plan.topology.proxy().ifPresent(proxy -> clientNeeds.add(plan.proxy(proxy, databases)));
    plan.add(new ClientStep(cluster, clientNeeds, members));
    return Plan.of(plan.steps, UpPlan::phase);
  }

  /** The part of the whole that a step belongs to, for the summary. */
  private static String phase(Step step) {
    String name = step.id().substring(step.id().indexOf('/') + 1);
    return switch (name) {
      case "engine", "image", "network", "vagrant", "vagrantfile", "machines", "machine" ->
          "machines";
      case "group", "member", "member-file", "options" -> "replication";
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
    Step settings = add(new ServiceDropInStep(cluster, node, Set.of(packages.id())));
    Step data = add(new DataDirectoryStep(cluster, node, Set.of(options.id())));
    Step identity = add(new IdentityStep(cluster, node, Set.of(data.id())));
    Step server = add(new ServerStep(cluster, node, Set.of(identity.id(), settings.id())));
    return add(new LocalAccountsStep(cluster, node, Set.of(server.id()))).id();
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

  private String proxy(Proxy proxy, Step databases) {
    Remote remote = cluster.remote(proxy.name());
    Step packages =
        add(
            new PackagesStep(
                remote,
                ProvisionScript.proxy(topology),
                Set.of(MachineProvider.readyStep(proxy.name()))));
    if (proxy instanceof Proxy.Router router) {
      return RouterSteps.add(this::add, cluster, router, packages);
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
