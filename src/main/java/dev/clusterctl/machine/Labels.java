package dev.clusterctl.machine;

import dev.clusterctl.topology.Topology;
import java.util.Map;

/** What clusterctl writes on the containers, networks and images that are its own. */
final class Labels {
  static final String CLUSTER = "dev.clusterctl.cluster";
  static final String FILE = "dev.clusterctl.file";
  static final String MACHINE = "dev.clusterctl.machine";
  static final String OS = "dev.clusterctl.os";
  static final String HOST_KEY = "dev.clusterctl.host-key";
  static final String LOGIN_KEY = "dev.clusterctl.login-key";
  static final String RECIPE = "dev.clusterctl.recipe";

  private Labels() {}

  /** Whether something belongs to the cluster: to its name and to its file. */
  static boolean own(Map<String, String> labels, Topology topology) {
    return topology.name().equals(labels.get(CLUSTER))
        && topology.file().toString().equals(labels.get(FILE));
  }

  /** Whose something is, for messages. */
  static String owner(Map<String, String> labels) {
    String cluster = labels.get(CLUSTER);
    return cluster == null
        ? "something that clusterctl didn't make"
        : "the cluster %s of %s".formatted(cluster, labels.getOrDefault(FILE, "an unknown file"));
  }
}
