package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.ServerVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstanceRequirementsTest {
  private static final String FIT =
      """
      Variables (--variable-name=value)
      and boolean options {FALSE|TRUE}                        Value (after reading options)
      binlog-format                                           ROW
      enforce-gtid-consistency                                ON
      gtid-mode                                               ON
      log-bin                                                 binlog
      log-replica-updates                                     TRUE
      replica-preserve-commit-order                           TRUE
      report-host                                             10.0.0.1
      server-id                                               1
      super-read-only                                         TRUE
      """;

  @Test
  void aServerWithEverySettingIsFit() {
    assertThat(check("9.7.4", FIT)).isEmpty();
  }

  @Test
  void eachSettingThatWontDoIsNamedWithWhatItIsAndMustBe() {
    assertThat(
            check(
                "9.7.4",
                FIT.replace(
                        "gtid-mode                                               ON",
                        "gtid-mode OFF")
                    .replace(
                        "report-host                                             10.0.0.1",
                        "report-host (No default value)")
                    .replace(
                        "log-bin                                                 binlog",
                        "log-bin (No default value)")
                    .replace(
                        "super-read-only                                         TRUE",
                        "super-read-only FALSE")))
        .containsExactly(
            "report_host to 10.0.0.1, which an InnoDB Cluster needs (it is unset)",
            "gtid_mode to ON, which an InnoDB Cluster needs (it is OFF)",
            "super_read_only to ON, which an InnoDB Cluster needs (it is OFF)",
            "log_bin to ON, which an InnoDB Cluster needs (it is unset)");
  }

  @Test
  void whatOnlyOlderServersHaveIsAskedOfThemOnly() {
    assertThat(check("8.0.20", FIT))
        .contains(
            "binlog_checksum to NONE, which an InnoDB Cluster needs (it is unset)",
            "binlog_transaction_dependency_tracking to WRITESET, which an InnoDB Cluster needs (it is unset)",
            "slave_parallel_type to LOGICAL_CLOCK, which an InnoDB Cluster needs (it is unset)",
            "log_slave_updates to ON, which an InnoDB Cluster needs (it is unset)");
  }

  private static List<String> check(String version, String help) {
    return InstanceRequirements.check(
            ServerVersion.parse(version).orElseThrow(), help, 1, "10.0.0.1")
        .stream()
        .map(Object::toString)
        .toList();
  }
}
