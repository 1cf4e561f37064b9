package dev.clusterctl.mysql.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.MetadataVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MetadataPlanTest {
  private static final UUID GROUP = UUID.fromString("82a56cf6-86d5-420a-bc67-386bc98e3c8b");
  private static final String NETWORK = "10.0.0.0/255.255.255.0";
  private static final ClusterRow CLUSTER =
      new ClusterRow("c-1", "shop", GROUP.toString(), false, Optional.of(150L), NETWORK);

  private final List<InstanceFacts> members =
      new ArrayList<>(List.of(member(1), member(2), member(3)));
  private final List<InstanceRow> rows = new ArrayList<>(List.of(row(1), row(2), row(3)));
  private final List<RouterRow> routers = new ArrayList<>();
  private final List<ClusterRow> clusters = new ArrayList<>(List.of(CLUSTER));
  private Set<String> others = Set.of();
  private Set<String> inGroup = Set.of("uuid-1", "uuid-2", "uuid-3");
  private boolean multiPrimary;

  @Test
  void nothingChangesWhereAllIsSo() {
    assertThat(texts()).isEmpty();
  }

  @Test
  void anEmptySchemaIsFilledWithTheClusterAndEveryMember() {
    clusters.clear();
    rows.clear();
    assertThat(texts())
        .containsExactly(
            "note the cluster shop",
            "note the member db1 (10.0.0.1:3306)",
            "note the member db2 (10.0.0.2:3306)",
            "note the member db3 (10.0.0.3:3306)");
    String id = String.valueOf(changes().get(0).statements().get(0).values().get(0));
    assertThat(UUID.fromString(id)).hasToString(id);
  }

  @Test
  void aClusterWhoseRowIsGoneGetsBackTheIdUnderWhichItsRoutersKnowIt() {
    clusters.clear();
    rows.clear();
    routers.add(router("c-old"));
    assertThat(changes().get(0).statements().get(0).values()).contains("c-old");
    assertThat(texts()).doesNotContain("note that the router router belongs to this cluster");
  }

  @Test
  void aMissingMemberIsNoted() {
    rows.remove(1);
    assertThat(texts()).containsExactly("note the member db2 (10.0.0.2:3306)");
  }

  @Test
  void aMemberWithAnotherAddressIsCorrectedByItsUuidAndKeepsItsLabel() {
    rows.set(
        1,
        new InstanceRow(
            2,
            "c-1",
            "mine",
            "uuid-2",
            "10.0.0.9:3306",
            "10.0.0.9:3306",
            "",
            "10.0.0.9:3306",
            Optional.of(2L),
            "mysql_innodb_cluster_2",
            NETWORK));
    assertThat(texts())
        .containsExactly(
            "correct what is noted of db2 (10.0.0.2:3306): address 10.0.0.2:3306, not"
                + " 10.0.0.9:3306, mysqlClassic 10.0.0.2:3306, not 10.0.0.9:3306, grLocal"
                + " 10.0.0.2:3306, not 10.0.0.9:3306");
    assertThat(changes().get(0).statements().get(0).sql()).doesNotContain("instance_name");
  }

  @Test
  void aServerThatWasMadeAnewAtTheSameAddressIsTheSameMember() {
    members.set(2, withUuid(member(3), "uuid-new"));
    inGroup = Set.of("uuid-1", "uuid-2", "uuid-new");
    assertThat(texts())
        .containsExactly(
            "correct what is noted of db3 (10.0.0.3:3306): server_uuid uuid-new, not uuid-3");
  }

  @Test
  void whatMySqlShellComplainsAboutIsAdded() {
    rows.set(
        0,
        new InstanceRow(
            1,
            "c-1",
            "db1",
            "uuid-1",
            "10.0.0.1:3306",
            "10.0.0.1:3306",
            "",
            "10.0.0.1:3306",
            Optional.empty(),
            "",
            ""));
    assertThat(texts())
        .containsExactly(
            "correct what is noted of db1 (10.0.0.1:3306): server_id 1, not none, recovery account"
                + " mysql_innodb_cluster_1@10.0.0.0/255.255.255.0, not none");
  }

  @Test
  void aRowOfNobodyIsForgotten() {
    rows.add(row(4));
    assertThat(texts())
        .containsExactly(
            "forget db4 (10.0.0.4:3306), which is in neither cluster.yaml nor the group");
  }

  @Test
  void aNodeThatIsAwayStaysNoted() {
    members.remove(2);
    others = Set.of("10.0.0.3:3306");
    inGroup = Set.of("uuid-1", "uuid-2");
    assertThat(texts()).isEmpty();
  }

  @Test
  void aMemberThatClusterYamlDoesNotKnowStaysNotedWhileItIsInTheGroup() {
    rows.add(row(4));
    inGroup = Set.of("uuid-1", "uuid-2", "uuid-3", "uuid-4");
    assertThat(texts()).isEmpty();
  }

  @Test
  void aChangeOfTheModeIsNoted() {
    multiPrimary = true;
    assertThat(texts()).containsExactly("note that shop is in multi-primary mode");
  }

  @Test
  void theNameThatSomebodyElseGaveTheClusterStays() {
    clusters.set(
        0, new ClusterRow("c-1", "Prod", GROUP.toString(), false, Optional.of(150L), NETWORK));
    assertThat(texts()).isEmpty();
  }

  @Test
  void attributesThatMySqlShellReadsAreKeptTrue() {
    clusters.set(0, new ClusterRow("c-1", "shop", "", false, Optional.empty(), "%"));
    assertThat(texts())
        .containsExactly(
            "note that shop is the group " + GROUP + " (now: none)",
            "note the limit of a transaction's size, 150 bytes",
            "note that recovery accounts come from " + NETWORK);
  }

  @Test
  void aRouterOfAClusterThatIsGoneIsGivenToThisOne() {
    routers.add(router("c-lost"));
    assertThat(texts()).containsExactly("note that the router router belongs to this cluster");
  }

  private List<String> texts() {
    return changes().stream().map(MetadataChange::text).toList();
  }

  private List<MetadataChange> changes() {
    return MetadataPlan.of(
        new DesiredCluster("shop", GROUP, multiPrimary, 150, NETWORK, members, others, inGroup),
        new MetadataContents(
            Optional.of(MetadataVersion.V2_4_0), "2.4.0", List.of(), clusters, rows, routers));
  }

  private static InstanceFacts member(int n) {
    String endpoint = "10.0.0.%d:3306".formatted(n);
    return new InstanceFacts(
        "db" + n,
        "uuid-" + n,
        endpoint,
        Optional.empty(),
        endpoint,
        n,
        "mysql_innodb_cluster_" + n,
        NETWORK);
  }

  @Test
  void a_router_is_forgotten_with_what_later_versions_note_of_it() {
    RouterRow row = router("c-1");

    assertThat(MetadataPlan.forget(row, MetadataVersion.V2_3_0).statements())
        .extracting(MetadataChange.Statement::sql)
        .containsExactly("DELETE FROM mysql_innodb_cluster_metadata.routers WHERE router_id = ?");
    assertThat(MetadataPlan.forget(row, MetadataVersion.V2_4_0).statements())
        .extracting(MetadataChange.Statement::sql)
        .containsExactly(
            "DELETE FROM mysql_innodb_cluster_metadata.router_stats WHERE router_id = ?",
            "DELETE FROM mysql_innodb_cluster_metadata.routers WHERE router_id = ?");
  }

  private static InstanceFacts withUuid(InstanceFacts m, String uuid) {
    return new InstanceFacts(
        m.name(),
        uuid,
        m.endpoint(),
        m.xEndpoint(),
        m.groupEndpoint(),
        m.serverId(),
        m.recoveryUser(),
        m.recoveryHost());
  }

  private static InstanceRow row(int n) {
    InstanceFacts m = member(n);
    return new InstanceRow(
        n,
        "c-1",
        m.name(),
        m.uuid(),
        m.endpoint(),
        m.endpoint(),
        "",
        m.groupEndpoint(),
        Optional.of(m.serverId()),
        m.recoveryUser(),
        m.recoveryHost());
  }

  private static RouterRow router(String clusterId) {
    return new RouterRow(
        1, "router", "10.0.0.10", Optional.of("9.7.4"), clusterId, "clusterctl_router", "{}");
  }
}
