package dev.clusterctl.operation.upgrade;

import static dev.clusterctl.operation.upgrade.UpgradeExamples.GROUP;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.MULTI;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.SOURCE;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.facts;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.half;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.runs;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.silent;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.topology;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.version;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.writes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpgradeChecksTest {

  @Test
  void nothingSpeaksAgainstTheNextSeriesOfAHealthyCluster() {
    assertThat(reasons(topology("8.4.6", GROUP), "8.0.46")).isEmpty();
    assertThat(reasons(topology("8.4.6", SOURCE), "8.0.46")).isEmpty();
    assertThat(reasons(topology("8.4", MULTI), "8.4.6")).isEmpty();
  }

  @Test
  void aSeriesIsServedByAnyOfItsReleasesAndAVersionByItselfOnly() {
    UpgradeFacts series = facts(topology("8.4", GROUP), runs("db1", "8.4.6"));
    assertThat(series.done()).isTrue();
    assertThat(series.others()).isEmpty();
    UpgradeFacts exact = facts(topology("8.4.13", GROUP), runs("db1", "8.4.6"));
    assertThat(exact.done()).isFalse();
    assertThat(exact.others()).containsExactly(version("8.4.6"));
  }

  @Test
  void aStepTooLongIsRefusedWithTheOneInBetween() {
    assertThat(reasons(topology("9.7.4", SOURCE), "8.0.46"))
        .singleElement()
        .asString()
        .contains("8.4 lies between", "clusterctl upgrade --to 8.4.13");
  }

  @Test
  void aGroupOf80DoesNotGoBack() {
    assertThat(reasons(topology("8.0.40", GROUP), "8.0.46"))
        .singleElement()
        .asString()
        .contains("lets no older member join");
    assertThat(reasons(topology("8.0.40", SOURCE), "8.0.46")).isEmpty();
  }

  @Test
  void thereAreNeverMoreThanTwoVersions() {
    assertThat(
            UpgradeChecks.reasons(
                facts(
                    topology("8.4.6", SOURCE),
                    writes("db1", "8.0.40"),
                    runs("db2", "8.0.46"),
                    runs("db3", "8.4.6"))))
        .singleElement()
        .asString()
        .contains("8.0.40 and 8.0.46", "clusterctl upgrade --to 8.0.46 first");
  }

  @Test
  void aNodeThatDoesNotAnswerIsBroughtBackFirstUnlessItsUpgradeWasCutShort() {
    Topology wanted = topology("8.4.6", SOURCE);
    assertThat(
            UpgradeChecks.reasons(facts(wanted, writes("db1", "8.0.46"), silent("db2", "8.0.46"))))
        .containsExactly("db2 can't be asked (no answer): bring it back first");
    assertThat(
            UpgradeChecks.reasons(
                facts(wanted, writes("db1", "8.0.46"), half("db2", "8.0.46", "8.0.46"))))
        .isEmpty();
    assertThat(
            UpgradeChecks.reasons(facts(wanted, writes("db1", "8.0.46"), silent("db2", "8.4.6"))))
        .isEmpty();
  }

  @Test
  void preparedTransactionsComeToTheirEndFirst() {
    NodeState node = runs("db2", "8.0.46");
    NodeState prepared =
        new NodeState(
            node.node(),
            node.running(),
            node.installed(),
            node.unfinished(),
            false,
            Optional.empty(),
            List.of("0x6162"));
    assertThat(
            UpgradeChecks.reasons(
                facts(topology("8.4.6", SOURCE), writes("db1", "8.0.46"), prepared)))
        .singleElement()
        .asString()
        .contains("db2", "0x6162", "XA ROLLBACK");
  }

  @Test
  void membersGoOnTalkingInTheSameWay() {
    assertThat(
            UpgradeChecks.reasons(
                facts(
                    topology("8.0.46", GROUP),
                    Optional.of(CommunicationStack.XCOM),
                    List.of(),
                    writes("db1", "8.0.22"))))
        .singleElement()
        .asString()
        .contains("XCOM", "communication-stack: xcom");
    assertThat(
            UpgradeChecks.reasons(
                facts(
                    topology(
                        "8.0.46",
                        "{type: group, mode: single-primary, failover: {communication-stack: xcom}}"),
                    Optional.of(CommunicationStack.XCOM),
                    List.of(),
                    writes("db1", "8.0.22"))))
        .isEmpty();
  }

  @Test
  void accountsThatNobodyCouldLogInWithAreNamed() {
    List<String> accounts = List.of("'old'@'10.0.0.9'");
    assertThat(withAccounts("8.0.46", "5.7.44", accounts)).isEmpty();
    assertThat(withAccounts("8.4.6", "8.0.46", accounts))
        .singleElement()
        .asString()
        .contains("'old'@'10.0.0.9'", "mysql_native_password: ON", "ALTER USER");
    assertThat(withAccounts("9.7.4", "8.4.6", accounts))
        .singleElement()
        .asString()
        .contains("'old'@'10.0.0.9'", "ALTER USER")
        .doesNotContain("mysql.options");
    assertThat(withAccounts("9.7.4", "8.4.6", List.of())).isEmpty();
  }

  @Test
  void optionsThatAreGoneAreNamedWithTheirPlace() {
    Topology wanted =
        UpgradeExamples.topology(
            "8.4.6, options: {expire_logs_days: 3, loose_query_cache_size: 0, max_connections: 9}",
            SOURCE);
    assertThat(reasons(wanted, "8.0.46"))
        .containsExactly(
            "MySQL 8.4.6 has no option expire_logs_days, which mysql.options has: remove it there");
  }

  @Test
  void everyReasonIsGivenAtOnce() {
    assertThat(
            UpgradeChecks.reasons(
                new UpgradeFacts(
                    topology("9.7.4", SOURCE),
                    List.of(writes("db1", "8.0.46"), silent("db2", "8.0.46")),
                    Optional.empty(),
                    List.of("'old'@'%'"),
                    List.of("the table mysql.tables has a name that MySQL 8.0 needs for itself"))))
        .hasSize(4);
  }

  @Test
  void whatOneShouldKnowBeforehandIsSaid() {
    String said =
        String.join(
            "\n",
            UpgradeChecks.advice(
                facts(topology("8.4.6", MULTI), runs("db1", "8.0.44"), runs("db2", "8.0.44"))));
    assertThat(said)
        .contains("8.0.46, and this is 8.0.44")
        .contains("no way back", "clusterctl backup")
        .contains("those that have it only read");
    assertThat(UpgradeChecks.advice(facts(topology("8.4.13", GROUP), runs("db1", "8.4.6"))))
        .singleElement()
        .asString()
        .contains("a single node can't hand over");
  }

  @Test
  void upNamesServersWithDataOfAnotherVersionAndHalfDoneOnesOnly() {
    Map<NodeName, Software> machines = new LinkedHashMap<>();
    machines.put(new NodeName("fresh"), software("8.0.46", false, ""));
    machines.put(new NodeName("right"), software("8.4.6", true, ""));
    machines.put(new NodeName("old"), software("8.0.46", true, ""));
    machines.put(new NodeName("half"), software("8.4.6", true, "8.0.46"));
    machines.put(new NodeName("empty"), new Software(Optional.empty(), false, Optional.empty()));
    assertThat(VersionGate.reasons(machines, topology("8.4.6", GROUP).mysql()))
        .containsExactly(
            "old has MySQL 8.0.46", "half is half-way from MySQL 8.0.46 to another version");
  }

  private static Software software(String installed, boolean data, String unfinished) {
    return new Software(ServerVersion.parse(installed), data, ServerVersion.parse(unfinished));
  }

  private static List<String> withAccounts(String to, String from, List<String> accounts) {
    return UpgradeChecks.reasons(
        facts(topology(to, SOURCE), Optional.empty(), accounts, writes("db1", from)));
  }

  private static List<String> reasons(Topology topology, String from) {
    return UpgradeChecks.reasons(
        facts(topology, writes("db1", from), runs("db2", from), runs("db3", from)));
  }
}
