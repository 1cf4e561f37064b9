package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.mysql.InstanceRequirements;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.operation.GroupMode;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.MemberFile;
import dev.clusterctl.render.MyCnf;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The server's option file is the rendered one. The server's own check is asked first, so that a
 * file which it couldn't start with never gets into place.
 */
final class OptionFileStep extends FileStep {
  private final Cluster cluster;
  private final Node node;

  OptionFileStep(Cluster cluster, Node node, Set<String> needs) {
    super(
        cluster.remote(node.name()),
        "option-file",
        "option file in place",
        () ->
            RemoteFile.of(
                cluster.installation(node.name()).optionFile(),
                MyCnf.render(cluster.topology(), node)),
        needs);
    this.cluster = cluster;
    this.node = node;
  }

  /**
   * The file's difference; for an InnoDB Cluster also in words: which of its requirements the
   * server doesn't meet as it is, and will once the file is in place.
   */
  @Override
  public Check check() throws IOException {
    Check check = super.check();
    if (check instanceof Check.Differs && cluster.topology().replication().hasGroup()) {
      requireSameMode();
    }
    if (!(check instanceof Check.Differs differs)
        || !cluster.topology().replication().isInnodbCluster()) {
      return check;
    }
    List<String> changes = new ArrayList<>(differs.changes());
    for (InstanceRequirements.Finding finding :
        InstanceRequirements.check(
            cluster.topology().mysql().version(),
            help(),
            node.serverId(),
            node.address().value())) {
      changes.add("set " + finding);
    }
    return new Check.Differs(changes, differs.diff());
  }

  /** A member that restarts with options of another mode couldn't come back to its group. */
  private void requireSameMode() throws IOException {
    NodeObservation observation;
    try {
      observation = new GroupDriver(cluster).observe(node);
    } catch (MySqlException e) {
      return; // A server that can't be asked, or isn't set up yet, is no member of a group.
    }
    GroupMode.require(cluster.topology().replication().mode(), List.of(observation));
  }

  /** Every option with the value that the files there now give it; empty where they are broken. */
  private String help() throws IOException {
    return remote()
        .run(
            Command.shell(
                "ask the server for its settings",
                Command.quote(cluster.installation(node.name()).binary())
                    + " --verbose --help 2>/dev/null"))
        .out();
  }

  @Override
  void before(Remote machine, RemoteFile file) throws IOException {
    machine.check(
        Command.shell(
            "make the directory of the member file",
            "mkdir -p -- " + Command.quote(MemberFile.DIRECTORY)));
    if (Dialect.of(cluster.topology().mysql().version()).has(Feature.VALIDATE_CONFIG)) {
      String candidate = file.path() + ".clusterctl-candidate";
      machine.put(new RemoteFile(candidate, file.content(), file.mode(), file.owner()));
      machine.check(
          Command.shell(
              "check the option file for " + node.name(),
              "trap 'rm -f -- %s' EXIT; %s --defaults-file=%s --user=mysql --log-error=stderr --validate-config"
                  .formatted(
                      Command.quote(candidate),
                      Command.quote(cluster.installation(node.name()).binary()),
                      Command.quote(candidate))));
    }
    String path = Command.quote(file.path());
    machine.check(
        Command.shell(
            "keep the original of " + file.path(),
            "if [ -e %1$s ] && [ ! -e %1$s.before-clusterctl ]; then cp -L -p -- %1$s %1$s.before-clusterctl; fi"
                .formatted(path)));
  }
}
