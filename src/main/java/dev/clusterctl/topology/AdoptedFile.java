package dev.clusterctl.topology;

import dev.clusterctl.dialect.ServerVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The cluster.yaml of an InnoDB Cluster that was there before: what could be read from it, and in
 * comments what only its owner can know.
 *
 * @param os what the servers seem to run on; empty where they don't tell
 * @param failover keys of {@code replication.failover} and the members' values
 * @param options options of {@code [mysqld]} that must stay as they are
 * @param schemas the users' schemas
 * @param sshUser with which clusterctl is to log in
 * @param identityFile the private key for that
 * @param notes lines for the top of the file
 */
public record AdoptedFile(
    String name,
    ServerVersion version,
    Optional<OperatingSystem> os,
    boolean multiPrimary,
    UUID groupName,
    Map<String, String> failover,
    Map<String, String> options,
    List<Member> nodes,
    List<Router> routers,
    List<String> schemas,
    String sshUser,
    String identityFile,
    List<String> notes) {

  /** The widest network that a file may name. */
  private static final int WIDEST = 8;

  private static final int USUAL_PREFIX = 24;

  /** A node. */
  public record Member(NodeName name, IpAddress address, long serverId) {}

  /**
   * A MySQL Router.
   *
   * @param version as it says; empty where it doesn't
   */
  public record Router(
      NodeName name,
      IpAddress address,
      Optional<String> version,
      int writePort,
      int readPort,
      Optional<Integer> splitPort) {}

  /** The file's text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("# Written by clusterctl adopt. Nothing of the cluster was changed.\n");
    notes.forEach(note -> text.append("# ").append(note).append('\n'));
    text.append(
        """
        # Look through the lines marked with "check", then: clusterctl validate, clusterctl plan.
        name: %s

        machines:
          provider: ssh
          os: %s                # check: what the machines run
          memory: 2048                   # check: MB of each machine; servers are sized by it
          subnet-prefix: %d

        mysql:
          version: %s
          packages: preinstalled
        """
            .formatted(
                name, os.map(OperatingSystem::label).orElse("debian-12"), prefix(), version));
    if (!options.isEmpty()) {
      text.append("  options:                       # as the servers have them now\n");
      options.forEach((key, value) -> line(text, "    ", key, value));
    }
    text.append(
        """

        replication:
          type: innodb-cluster
          mode: %s
          group-name: %s
        """
            .formatted(multiPrimary ? "multi-primary" : "single-primary", groupName));
    if (!failover.isEmpty()) {
      text.append("  failover:\n");
      failover.forEach((key, value) -> line(text, "    ", key, value));
    }
    text.append("\nnodes:\n");
    for (Member node : nodes) {
      text.append("  - name: ").append(node.name()).append('\n');
      line(text, "    ", "address", node.address().value());
      line(text, "    ", "server-id", String.valueOf(node.serverId()));
      ssh(text, "    ");
    }
    routers(text);
    databases(text);
    return text.toString();
  }

  private void ssh(StringBuilder text, String indent) {
    text.append(
        "%sssh: {user: %s, identity-file: %s}\n".formatted(indent, sshUser, quoted(identityFile)));
  }

  private void routers(StringBuilder text) {
    if (routers.isEmpty()) {
      return;
    }
    Router first = routers.get(0);
    text.append("\nproxy:\n  type: mysql-router\n");
    first.version().ifPresent(v -> line(text, "  ", "version", v));
    text.append("  packages: preinstalled\n");
    line(text, "  ", "name", first.name().value());
    line(text, "  ", "address", first.address().value());
    ssh(text, "  ");
    text.append("  ports:\n");
    line(text, "    ", "read-write", String.valueOf(first.writePort()));
    line(text, "    ", "read-only", String.valueOf(first.readPort()));
    first
        .splitPort()
        .ifPresent(port -> line(text, "    ", "read-write-split", String.valueOf(port)));
    if (routers.size() > 1) {
      text.append("  more:\n");
      for (Router router : routers.subList(1, routers.size())) {
        text.append("    - name: ").append(router.name()).append('\n');
        line(text, "      ", "address", router.address().value());
        ssh(text, "      ");
      }
    }
  }

  private void databases(StringBuilder text) {
    if (schemas.isEmpty()) {
      return;
    }
    text.append(
        "\n# check: clusterctl makes the accounts that applications use. Name those that it should"
            + " look after.\n# databases:\n");
    for (String schema : schemas) {
      text.append(
          "#   - {name: %s, user: ..., password: \"${env:...}\"}\n".formatted(quoted(schema)));
    }
  }

  /** The smallest usual network that holds every machine. */
  private int prefix() {
    List<IpAddress> all =
        java.util.stream.Stream.concat(
                nodes.stream().map(Member::address), routers.stream().map(Router::address))
            .toList();
    int prefix = USUAL_PREFIX;
    while (prefix > WIDEST) {
      int bits = prefix;
      if (all.stream().allMatch(a -> a.sharesSubnet(all.get(0), bits))) {
        break;
      }
      prefix--;
    }
    return prefix;
  }

  private static void line(StringBuilder text, String indent, String key, String value) {
    text.append(indent).append(key).append(": ").append(value).append('\n');
  }

  /** As YAML takes any text. */
  private static String quoted(String value) {
    return value.matches("[A-Za-z0-9_./~-]+")
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
