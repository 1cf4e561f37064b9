package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ConnectionInfo;
import dev.clusterctl.operation.Up;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.Packages.Deb;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = {
      "Make the cluster what its file says.",
      "Safe to run again: what is as it should be stays untouched. Servers that need a restart for"
          + " new options get it one at a time."
    })
final class UpCommand extends ClusterCommand {
  @Option(
      names = "--locked",
      description = {
        "Pin no package file: fail where cluster.lock.yaml lacks the checksum of one that",
        "cluster.yaml names without sha256. For CI, where nobody would commit what was pinned."
      })
  private boolean locked;

  UpCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    try (Cluster cluster = session.cluster()) {
      PackageLock before = cluster.packageStore().lock();
      if (locked) {
        refuseToPin(cluster);
      }
      Report report =
          new Up(cluster).run(session.executor(), Executor.Mode.APPLY, session.consent());
      ExitCode code = session.finish(report);
      if (!before.equals(cluster.packageStore().lock())) {
        session.say(
            Event.Level.INFO,
            "checksums of package files were pinned in %s: commit it (and run clusterctl render, where"
                    .formatted(cluster.topology().packageLockFile())
                + " rendered files are kept)");
      }
      if (code == ExitCode.OK) {
        ConnectionView.hint(session, ConnectionInfo.of(cluster));
      }
      return code;
    }
  }

  private static void refuseToPin(Cluster cluster) throws IOException, UsageException {
    List<Deb> unpinned = cluster.packageStore().unpinned(cluster.topology().packageFiles());
    if (!unpinned.isEmpty()) {
      throw new UsageException(
          "%s lacks the checksum of %s, and --locked forbids to pin it"
              .formatted(
                  cluster.topology().packageLockFile(),
                  unpinned.stream().map(Deb::fileName).collect(Collectors.joining(", "))),
          "run clusterctl up without --locked once, and commit the file");
    }
  }
}
