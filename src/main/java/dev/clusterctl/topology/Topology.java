package dev.clusterctl.topology;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the user asked for: one {@code cluster.yaml}, read, completed with defaults and validated.
 *
 * @param file the file it was read from, absolute
 * @param name the cluster's name: follows the rules of {@link NodeName}
 * @param nodes the MySQL nodes, in the file's order; at least one
 */
public record Topology(
    Path file,
    String name,
    Machines machines,
    MySql mysql,
    Replication replication,
    List<Node> nodes,
    Optional<Proxy> proxy,
    List<Database> databases,
    Downloads downloads) {

  public Topology {
    nodes = List.copyOf(nodes);
    databases = List.copyOf(databases);
  }

  /** One whose package files, if it has any, come in the usual way. */
  public Topology(
      Path file,
      String name,
      Machines machines,
      MySql mysql,
      Replication replication,
      List<Node> nodes,
      Optional<Proxy> proxy,
      List<Database> databases) {
    this(file, name, machines, mysql, replication, nodes, proxy, databases, Downloads.USUAL);
  }

  /** The same with other nodes. */
  public Topology withNodes(List<Node> others) {
    return new Topology(
        file, name, machines, mysql, replication, others, proxy, databases, downloads);
  }

  /** Every machine of the cluster: the nodes in the file's order, then those with a proxy. */
  public List<Machine> allMachines() {
    List<Machine> all = new ArrayList<>();
    nodes.forEach(n -> all.add(n.machine()));
    proxy.ifPresent(p -> all.addAll(p.machines()));
    return List.copyOf(all);
  }

  /** The proxy once for each machine that it runs on, in the order in which clients try them. */
  public List<Proxy> proxies() {
    return proxy.stream()
        .flatMap(
            p ->
                p instanceof Proxy.Router router
                    ? router.machines().stream().map(m -> (Proxy) router.on(m))
                    : Stream.of(p))
        .toList();
  }

  /** The network that all machines are in, as the host part of an account. */
  public String networkPattern() {
    return nodes.get(0).address().netmaskPattern(machines.subnetPrefix());
  }

  /** The package files of the server and of the proxy; none where they come in another way. */
  public List<Packages.Deb> packageFiles() {
    List<Packages.Deb> all = new ArrayList<>(mysql.packages().debs());
    proxy.ifPresent(p -> all.addAll(p.packages().debs()));
    return List.copyOf(all);
  }

  /** The MySQL node of that name. */
  public Optional<Node> node(NodeName nodeName) {
    return nodes.stream().filter(n -> n.name().equals(nodeName)).findFirst();
  }

  /**
   * Where clusterctl keeps what the machines can't tell (keys, generated secrets, logs, a lock):
   * {@code .clusterctl/NAME} beside the cluster.yaml.
   */
  public Path stateDirectory() {
    return directory().resolve(".clusterctl").resolve(name);
  }

  /** Where the checksums of downloaded package files are kept: beside the cluster.yaml. */
  public Path packageLockFile() {
    return directory().resolve(PackageLock.FILE_NAME);
  }

  private Path directory() {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? Path.of("") : parent;
  }
}
