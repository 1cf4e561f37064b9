package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.dialect.UpgradePath;
import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.operation.upgrade.Software;
import dev.clusterctl.operation.upgrade.UpgradeMark;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.MemberFile;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.MySql;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A node's server has the version that is asked for, and does its part in replication.
 *
 * <p>May be killed at any moment and run again. What is done is asked from the machine: which
 * version answers, which one is installed, and whether {@link UpgradeMark} is there. The mark is
 * written before the old server is stopped, so that a new server, which has begun to change the
 * data directory and has yet to be finished with, isn't taken for one that is.
 */
final class NodeUpgradeStep extends ClusterStep {
  /**
   * Making the data dictionary of 8.0, rolling back and merging what a complete shutdown asks for:
   * it takes as long as the data is large.
   */
  private static final Duration LONG = Duration.ofHours(12);

  private final Cluster cluster;
  private final Node node;
  private final Departure departure;
  private final Remote remote;
  private final MySql wanted;
  private final boolean grouped;

  NodeUpgradeStep(Cluster cluster, Node node, Departure departure, Set<String> needs) {
    super(
        node.name().value(),
        "upgraded",
        "server upgraded to " + cluster.topology().mysql().version(),
        needs,
        Set.of());
    this.cluster = cluster;
    this.node = node;
    this.departure = departure;
    this.remote = cluster.remote(node.name());
    this.wanted = cluster.topology().mysql();
    this.grouped = cluster.topology().replication().hasGroup();
  }

  @Override
  public Check check() throws IOException {
    Optional<ServerVersion> runs = running();
    if (runs.isEmpty()) {
      return Check.differs("finish the upgrade: its server doesn't run");
    }
    if (!wanted.servedBy(runs.orElseThrow())) {
      return Check.differs(
          "put MySQL %s in the place of %s".formatted(wanted.version(), runs.orElseThrow()));
    }
    if (Software.of(cluster, node).unfinished().isPresent()) {
      return Check.differs("finish the upgrade, which was cut short");
    }
    return inPlace() ? Check.satisfied() : Check.differs("bring it back into replication");
  }

  private boolean inPlace() throws IOException {
    return grouped
        ? new GroupDriver(cluster).observe(node).state() == GroupMember.State.ONLINE
        : new ReplicaStep(cluster, node, Set.of()).check() instanceof Check.Satisfied;
  }

  /** The version of the server that answers; empty where none does. */
  private Optional<ServerVersion> running() throws IOException {
    try (Session session = cluster.admin(node)) {
      return Optional.of(session.version());
    } catch (MySqlException e) {
      if (!e.unreachable()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  @Override
  public void apply(Progress progress) throws Exception {
    UpgradeMark mark = new UpgradeMark(remote);
    Optional<ServerVersion> runs = running();
    if (runs.filter(v -> !wanted.servedBy(v)).isPresent()) {
      ServerVersion old = runs.orElseThrow();
      UpgradePath path = new UpgradePath(old, wanted.version());
      departure.leave(node, path, progress::report);
      mark.put(old);
      stop(path, progress);
    }
    Optional<ServerVersion> from = Software.of(cluster, node).unfinished();
    if (running().isEmpty()) {
      bePatient();
      progress.report("installing MySQL " + wanted.version());
      UpPlan.serverPackages(cluster, node.name()).installUpgrade(progress);
    }
    for (Step step : UpPlan.serverOf(cluster, node, LONG)) {
      if (step instanceof LocalAccountsStep) {
        // Those that log in with the new version's plugin would lock out servers and clients of the
        // old one that are still there: up changes them in the end.
        continue;
      }
      run(step, progress);
      if (step instanceof ServerStep && from.isPresent()) {
        upgradeTables(new UpgradePath(from.orElseThrow(), wanted.version()), progress);
      }
    }
    comeBack(progress);
    forgetPatience();
    mark.remove();
  }

  /**
   * A server that starts again does so outside of its group: it is brought in once it is finished
   * with.
   */
  private void stop(UpgradePath path, Progress progress) throws IOException {
    String service = cluster.installation(node.name()).service();
    bePatient();
    if (grouped) {
      remote.check(
          Command.words("keep it out of the group at its start", "rm", "-f", MemberFile.PATH));
    }
    if (path.needsSlowShutdown()) {
      try (Session session = cluster.admin(node)) {
        session.run("SET GLOBAL innodb_fast_shutdown = 0");
      }
    }
    progress.report("stopping");
    remote.check(Command.words("stop MySQL", "systemctl", "stop", service).withTimeout(LONG));
  }

  /** The service's own limits are for servers that have nothing unusual to do. */
  private void bePatient() throws IOException {
    remote.put(
        RemoteFile.of(
            patienceFile(),
            """
            # By clusterctl upgrade, and removed by it.
            [Service]
            Restart=no
            TimeoutStopSec=infinity
            TimeoutStartSec=infinity
            """));
    reload();
  }

  private void forgetPatience() throws IOException {
    remote.check(Command.words("restore the service's limits", "rm", "-f", patienceFile()));
    reload();
  }

  /** In /run: gone after a boot. By its name it comes after clusterctl's other settings. */
  private String patienceFile() throws IOException {
    return "/run/systemd/system/%s.service.d/upgrade-by-clusterctl.conf"
        .formatted(cluster.installation(node.name()).service());
  }

  private void reload() throws IOException {
    remote.check(Command.words("have systemd read its settings", "systemctl", "daemon-reload"));
  }

  private static void run(Step step, Progress progress) throws Exception {
    if (step.check() instanceof Check.Differs) {
      progress.report(step.title());
      step.apply(progress);
      if (!step.verifiesItself() && step.check() instanceof Check.Differs still) {
        throw new IOException(
            "%s: it was done, but still differs: %s"
                .formatted(step.title(), String.join("; ", still.changes())));
      }
    }
  }

  /**
   * Before 8.0.16 a server can't bring its system tables up to date. Until that is done by a
   * program it can't read what replication keeps there, and reads it at its next start.
   */
  private void upgradeTables(UpgradePath path, Progress progress) throws IOException {
    if (!path.needsUpgradeProgram()) {
      return;
    }
    Installation installation = cluster.installation(node.name());
    progress.report("upgrading the system tables");
    remote.check(
        Command.shell(
                "upgrade the system tables",
                """
                set -e
                root='--no-defaults --protocol=socket --user=root'
                mysql $root --execute='SET GLOBAL super_read_only = OFF'
                mysql_upgrade $root --force
                systemctl restart %s
                """
                    .formatted(Command.quote(installation.service())))
            .withTimeout(LONG));
  }

  private void comeBack(Progress progress) throws Exception {
    if (grouped) {
      GroupDriver driver = new GroupDriver(cluster);
      driver.afterRestart(node, progress::report);
      if (!driver.recovers(node)) {
        driver.setRecovery(node);
      }
      run(UpPlan.memberFile(cluster, node, Set.of()), progress);
      return;
    }
    SourceDriver driver = new SourceDriver(cluster);
    // A change of roles that was cut short leaves notes that are wrong: who takes writes counts.
    boolean alone = driver.writer().isEmpty() && driver.role(node).equals(RoleGuard.SOURCE);
    if (alone) {
      driver.afterRestart(node, progress::report);
    } else {
      new ReplicaStep(cluster, node, Set.of()).apply(progress);
    }
  }
}
