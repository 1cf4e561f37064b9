package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.ProxySqlCompatibility;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives servers another version, one after the other: first everything that can be done while all
 * of them run, then each node, back in replication before the next one goes.
 */
public final class UpgradePlan {
  private final Cluster cluster;
  private final Topology topology;
  private final List<Step> steps = new ArrayList<>();

  private UpgradePlan(Cluster cluster) {
    this.cluster = cluster;
    this.topology = cluster.topology();
  }

  /**
   * @param cluster with the topology that is to be
   * @param names all nodes, in the order in which they are upgraded
   */
  public static Plan of(Cluster cluster, List<NodeName> names) {
    UpgradePlan plan = new UpgradePlan(cluster);
    List<Node> order = names.stream().map(n -> plan.topology.node(n).orElseThrow()).toList();
    Set<String> before = plan.proxyFirst(plan.preparations(order));
    Departure departure = new Departure(cluster, order);
    for (Node node : order) {
      before = plan.add(new NodeUpgradeStep(cluster, node, departure, before));
    }
    if (plan.topology.replication().hasGroup()) {
      plan.add(new GroupProtocolStep(cluster, before));
    }
    return Plan.of(plan.steps);
  }

  private Set<String> preparations(List<Node> order) {
    Set<String> ready = new LinkedHashSet<>();
    for (Node node : order) {
      ready.addAll(
          add(new UpgradeFilesStep(node.name(), UpPlan.serverPackages(cluster, node.name()))));
    }
    for (Proxy.Router router : routers()) {
      ready.addAll(add(new UpgradeFilesStep(router.name(), UpPlan.proxyPackages(cluster, router))));
    }
    if (!topology.replication().hasGroup() && order.size() > 1) {
      // Where a change of roles was cut short nobody takes writes, and it is known who should.
      ready.addAll(add(new SourceStep(cluster, false, Set.copyOf(ready))));
    }
    return ready;
  }

  /** The proxy can do with the new servers before there is one. */
  private Set<String> proxyFirst(Set<String> ready) {
    Set<String> before = ready;
    for (Proxy.Router router : routers()) {
      // One after the other: clients of several find one that runs.
      before =
          add(
              new RouterUpgradeStep(
                  cluster, router, UpPlan.proxyPackages(cluster, router), before));
    }
    if (topology.proxy().orElse(null) instanceof Proxy.ProxySql proxySql
        && topology.replication().hasGroup()
        && proxySql.verdict(topology.mysql()) instanceof ProxySqlCompatibility.ReadOnlyHostgroups) {
      // It can look whether servers are read-only whatever their version; its group monitor, which
      // may be what it uses now, would find every new server unfit.
      return add(new ProxySqlStep(cluster, proxySql, ready, Set.of()));
    }
    return before;
  }

  private List<Proxy.Router> routers() {
    return topology.proxies().stream()
        .filter(Proxy.Router.class::isInstance)
        .map(Proxy.Router.class::cast)
        .toList();
  }

  private Set<String> add(Step step) {
    steps.add(step);
    return Set.of(step.id());
  }
}
