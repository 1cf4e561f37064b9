package dev.clusterctl.render;

import dev.clusterctl.topology.Machines.Provider;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Replication;
import dev.clusterctl.topology.Topology;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files that are kept with a cluster.yaml: everything that can be known without a machine. */
public final class Files {
  private Files() {}

  /**
   * The files, by their paths relative to the cluster.yaml. The same topology gives the same bytes,
   * on every machine and at any time; no file holds a secret.
   *
   * @param lock has the sums of package files for which cluster.yaml gives none
   */
  public static SortedMap<String, String> of(Topology topology, PackageLock lock) {
    SortedMap<String, String> files = new TreeMap<>();
    for (Node node : topology.nodes()) {
      files.put("cnf/" + node.name() + ".cnf", MyCnf.render(topology, node));
    }
    files.put("scripts/provision/mysql.sh", ProvisionScript.mysql(topology, lock));
    files.put("sql/sys-helpers.sql", SysHelpers.script(topology.mysql().version()));
    files.put("sql/accounts.sql", Accounts.script(topology));
    if (topology.proxy().isPresent()) {
      files.put("scripts/provision/proxy.sh", ProvisionScript.proxy(topology, lock));
    }
    if (topology.proxy().orElse(null) instanceof Proxy.Router router) {
      files.put(
          "cnf/mysqlrouter.conf",
          router.following().isPresent()
              ? FollowingRouter.config(router)
              : RouterConfig.config(topology));
    }
    if (topology.replication().type() == Replication.Type.GROUP) {
      GroupScripts group = new GroupScripts(topology);
      files.put("sql/first-node.sql", group.firstNode());
      files.put("sql/other-nodes.sql", group.otherNodes());
    }
    if (topology.proxy().orElse(null) instanceof Proxy.ProxySql proxySql) {
      files.put("sql/proxysql.sql", ProxySqlScript.render(topology, proxySql));
    }
    if (topology.machines().provider() == Provider.VAGRANT) {
      files.put("Vagrantfile", Vagrantfile.committed(topology));
    }
    return Collections.unmodifiableSortedMap(files);
  }
}
