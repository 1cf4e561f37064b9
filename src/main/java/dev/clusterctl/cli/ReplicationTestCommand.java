package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.files.ReplicationReport;
import dev.clusterctl.operation.files.ReplicationTest;
import dev.clusterctl.topology.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "replication-test",
    description = {
      "Upload files as an application does, and compare them byte for byte on every node.",
      "Pictures, documents and videos are made for it, or yours are taken. Half of them are deleted"
          + " again, and the other half must be left everywhere. The test cleans up after itself.",
      "Exit code 3 where a node has another byte, or not the files it should."
    })
final class ReplicationTestCommand extends ClusterCommand {
  @Option(
      names = "--files",
      paramLabel = "DIR",
      description = "Upload the files in this folder instead of made ones.")
  private @Nullable Path files;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many files are made (default: 20).")
  private int count = 20;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "How large they are together: 500KB, 100MB, 2GB (default: 100MB).")
  private long size = 100_000_000;

  @Option(
      names = "--patience",
      paramLabel = "DURATION",
      description = "How long a node may take to have everything (default: 2m).")
  private Duration patience = Duration.ofMinutes(2);

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the result as JUnit XML, for CI jobs.")
  private @Nullable Path junit;

  ReplicationTestCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    if (count < 2) {
      throw new UsageException("--count must be 2 or more, not " + count, "");
    }
    if (files != null && !Files.isDirectory(files)) {
      throw new UsageException(files + " is not a folder", "name one with the files to upload");
    }
    Database database =
        session.topology().databases().stream()
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "the test uploads as an application, and cluster.yaml names no database",
                        "add one under databases:, and run up"));
    try (Cluster cluster = session.cluster()) {
      ReplicationTest test = new ReplicationTest(cluster, database, session.events());
      ReplicationReport report =
          files == null ? test.run(count, size, patience) : test.run(files, patience);
      if (junit != null) {
        Files.writeString(junit, report.junitXml());
      }
      session.output().result("replication-test", report.data(), report::lines);
      return report.passed() ? ExitCode.OK : ExitCode.UNHEALTHY;
    }
  }
}
