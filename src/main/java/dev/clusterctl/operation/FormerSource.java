package dev.clusterctl.operation;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.roles.StandIn;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Machines;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A source that takes writes and that nodes of cluster.yaml follow, though cluster.yaml names it no
 * more. Before it can leave, one of them takes its place, by a change of roles in the cluster as it
 * was: what the file names, and this one.
 */
public final class FormerSource {
  private final Cluster cluster;
  private final String hostName;
  private final IpAddress address;
  private final List<Node> followers;

  private FormerSource(Cluster cluster, String hostName, IpAddress address, List<Node> followers) {
    this.cluster = cluster;
    this.hostName = hostName;
    this.address = address;
    this.followers = List.copyOf(followers);
  }

  /**
   * Looks for it.
   *
   * @return empty where a node of the file takes writes, where nobody follows anybody else, or
   *     where the one that is followed doesn't answer or takes no writes itself
   */
  public static Optional<FormerSource> find(Cluster cluster) throws IOException {
    List<ReplicaObservation> answers = new SourceDriver(cluster).observe().answers();
    Set<String> followed =
        answers.stream()
            .flatMap(o -> o.channel().stream())
            .map(ReplicationChannel::sourceHost)
            .collect(Collectors.toSet());
    if (followed.size() != 1 || answers.stream().anyMatch(ReplicaObservation::writable)) {
      return Optional.empty();
    }
    IpAddress address = new IpAddress(followed.iterator().next());
    Topology topology = cluster.topology();
    if (topology.nodes().stream().anyMatch(n -> n.address().equals(address))) {
      return Optional.empty();
    }
    List<Node> followers = new ArrayList<>();
    for (ReplicaObservation one : answers) {
      if (one.channel().isPresent()) {
        followers.add(topology.node(one.node()).orElseThrow());
      }
    }
    return hostName(cluster, followers.get(0), address)
        .map(name -> new FormerSource(cluster, name, address, followers));
  }

  /** How its machine is called; empty where it isn't a source any more. */
  private static Optional<String> hostName(Cluster cluster, Node through, IpAddress address)
      throws IOException {
    try (Session session = cluster.foreign(through, address.value(), address)) {
      return cluster.replication(session).writable()
          ? session.value("SELECT @@hostname")
          : Optional.empty();
    } catch (MySqlException e) {
      if (e.unreachable() || e.code() == MySqlException.ACCESS_DENIED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Has a node of the file take its place.
   *
   * @throws IOException if none can, or its machine can't be reached any more: says what to do
   */
  public void replace(Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (cluster.topology().machines().provider() != Machines.Provider.DOCKER) {
      throw new MySqlException(
          "%s is the source, and cluster.yaml doesn't name it any more, nor how to reach its machine"
              .formatted(this),
          0,
          "put it back into nodes:, then clusterctl switchover %s, then take it out again"
              .formatted(cluster.topology().nodes().get(0).name()),
          null);
    }
    // A machine that clusterctl made has its node's name.
    Node like = followers.get(0);
    Node node =
        new Node(
            new Machine(new NodeName(hostName), address, like.machine().memory(), Optional.empty()),
            like.serverId(),
            Map.of());
    List<Node> nodes = new ArrayList<>(followers);
    nodes.add(node);
    try (Cluster before = cluster.with(cluster.topology().withNodes(nodes))) {
      new StandIn(before, progress).replace(node);
    }
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(hostName, address);
  }
}
