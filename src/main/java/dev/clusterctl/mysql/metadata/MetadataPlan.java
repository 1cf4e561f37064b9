package dev.clusterctl.mysql.metadata;

import dev.clusterctl.dialect.MetadataVersion;
import dev.clusterctl.mysql.metadata.MetadataChange.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Compares the rows of the metadata with what is so. Pure: the same input gives the same changes,
 * but for the UUID of a cluster that is noted for the first time.
 *
 * <p>What AdminAPI or a person chose stays: names, labels, options, tags, the rows of read
 * replicas.
 */
public final class MetadataPlan {
  private static final String CLUSTERS = MetadataSchema.NAME + ".clusters";
  private static final String INSTANCES = MetadataSchema.NAME + ".instances";
  private static final String ROUTERS = MetadataSchema.NAME + ".routers";
  private static final String ROUTER_STATS = MetadataSchema.NAME + ".router_stats";

  /** What AdminAPI gives a new cluster: reads go to the secondaries. */
  private static final String ROUTER_OPTIONS =
      "{\"tags\": {}, \"read_only_targets\": \"secondaries\"}";

  private final DesiredCluster wanted;
  private final MetadataContents now;
  private final List<MetadataChange> changes = new ArrayList<>();

  private MetadataPlan(DesiredCluster wanted, MetadataContents now) {
    this.wanted = wanted;
    this.now = now;
  }

  /** The changes, in an order in which they can be made; empty where all is as it should be. */
  public static List<MetadataChange> of(DesiredCluster wanted, MetadataContents now) {
    MetadataPlan plan = new MetadataPlan(wanted, now);
    String id = plan.cluster();
    Set<Long> used = new LinkedHashSet<>();
    for (InstanceFacts member : wanted.members()) {
      plan.member(id, member, used);
    }
    plan.strangers(id, used);
    plan.routers(id);
    return List.copyOf(plan.changes);
  }

  /** The cluster's row; its id. */
  private String cluster() {
    Optional<ClusterRow> row = now.cluster(wanted.groupName().toString());
    if (row.isEmpty()) {
      String id = formerId().orElseGet(() -> UUID.randomUUID().toString());
      add("note the cluster " + wanted.name(), insertCluster(id));
      return id;
    }
    ClusterRow is = row.get();
    if (!is.groupName().equalsIgnoreCase(wanted.groupName().toString())) {
      attribute(
          is,
          "note that %s is the group %s (now: %s)"
              .formatted(is.name(), wanted.groupName(), said(is.groupName())),
          "group_replication_group_name",
          wanted.groupName().toString());
    }
    if (is.multiPrimary() != wanted.multiPrimary()) {
      add(
          "note that %s is in %s-primary mode"
              .formatted(is.name(), wanted.multiPrimary() ? "multi" : "single"),
          Statement.of(
              "UPDATE " + CLUSTERS + " SET primary_mode = ? WHERE cluster_id = ?",
              mode(),
              is.id()));
    }
    if (!is.transactionSizeLimit().equals(Optional.of(wanted.transactionSizeLimit()))) {
      attribute(
          is,
          "note the limit of a transaction's size, %d bytes"
              .formatted(wanted.transactionSizeLimit()),
          "opt_transactionSizeLimit",
          wanted.transactionSizeLimit());
    }
    if (!is.allowedHost().equals(wanted.allowedHost())) {
      attribute(
          is,
          "note that recovery accounts come from " + wanted.allowedHost(),
          "opt_replicationAllowedHost",
          wanted.allowedHost());
    }
    return is.id();
  }

  /** The id under which the rest of the rows still know a cluster whose own row is gone. */
  private Optional<String> formerId() {
    if (!now.clusters().isEmpty()) {
      return Optional.empty();
    }
    return Stream.concat(
            now.instances().stream().map(InstanceRow::clusterId),
            now.routers().stream().map(RouterRow::clusterId))
        .filter(id -> !id.isEmpty())
        .findFirst();
  }

  private Statement insertCluster(String id) {
    return Statement.of(
        "INSERT INTO "
            + CLUSTERS
            + " (cluster_id, cluster_name, description, options, attributes, cluster_type,"
            + " primary_mode, router_options) VALUES (?, ?, ?, JSON_OBJECT(), JSON_OBJECT('adopted',"
            + " 0, 'default', TRUE, 'opt_memberAuthType', 'PASSWORD', 'opt_gtidSetIsComplete', FALSE,"
            + " 'opt_manualStartOnBoot', FALSE, 'opt_transactionSizeLimit', ?,"
            + " 'opt_replicationAllowedHost', ?, 'group_replication_group_name', ?), 'gr', ?,"
            + " CAST(? AS JSON))",
        id,
        wanted.name(),
        "Made by clusterctl",
        wanted.transactionSizeLimit(),
        wanted.allowedHost(),
        wanted.groupName().toString(),
        mode(),
        ROUTER_OPTIONS);
  }

  private String mode() {
    return wanted.multiPrimary() ? "mm" : "pm";
  }

  private void attribute(ClusterRow row, String text, String name, Object value) {
    add(
        text,
        Statement.of(
            "UPDATE "
                + CLUSTERS
                + " SET attributes = JSON_SET(COALESCE(attributes, JSON_OBJECT()), ?, ?) WHERE"
                + " cluster_id = ?",
            "$." + name,
            value,
            row.id()));
  }

  private void member(String clusterId, InstanceFacts member, Set<Long> used) {
    Optional<InstanceRow> row =
        now.instances().stream()
            .filter(r -> r.uuid().equals(member.uuid()))
            .findFirst()
            .or(
                () ->
                    now.instances().stream()
                        .filter(r -> r.endpoint().equals(member.endpoint()))
                        .findFirst());
    if (row.isEmpty()) {
      add("note the member " + called(member), insertInstance(clusterId, member));
      return;
    }
    used.add(row.get().id());
    List<String> wrong = wrong(clusterId, row.get(), member);
    if (!wrong.isEmpty()) {
      add(
          "correct what is noted of %s: %s".formatted(called(member), String.join(", ", wrong)),
          updateInstance(clusterId, row.get(), member));
    }
  }

  private static List<String> wrong(String clusterId, InstanceRow row, InstanceFacts member) {
    List<String> wrong = new ArrayList<>();
    compare(wrong, "cluster", row.clusterId(), clusterId);
    compare(wrong, "server_uuid", row.uuid(), member.uuid());
    compare(wrong, "address", row.address(), member.endpoint());
    compare(wrong, "mysqlClassic", row.endpoint(), member.endpoint());
    compare(wrong, "mysqlX", row.xEndpoint(), member.xEndpoint().orElse(""));
    compare(wrong, "grLocal", row.groupEndpoint(), member.groupEndpoint());
    compare(
        wrong,
        "server_id",
        row.serverId().map(String::valueOf).orElse(""),
        String.valueOf(member.serverId()));
    compare(
        wrong,
        "recovery account",
        account(row.recoveryUser(), row.recoveryHost()),
        account(member.recoveryUser(), member.recoveryHost()));
    return wrong;
  }

  private static String account(String user, String host) {
    return user.isEmpty() ? "" : user + "@" + host;
  }

  private static void compare(List<String> wrong, String what, String is, String shouldBe) {
    if (!is.equals(shouldBe)) {
      wrong.add("%s %s, not %s".formatted(what, said(shouldBe), said(is)));
    }
  }

  private static String said(String value) {
    return value.isEmpty() ? "none" : value;
  }

  private static String called(InstanceFacts member) {
    return "%s (%s)".formatted(member.name(), member.endpoint());
  }

  private static Statement insertInstance(String clusterId, InstanceFacts member) {
    return Statement.of(
        "INSERT INTO "
            + INSTANCES
            + " (cluster_id, address, mysql_server_uuid, instance_name, addresses, attributes)"
            + " VALUES (?, ?, ?, ?, "
            + addresses(member)
            + ", JSON_OBJECT('joinTime', CAST(NOW(3) AS CHAR), 'server_id', ?,"
            + " 'recoveryAccountUser', ?, 'recoveryAccountHost', ?))",
        values(
            clusterId,
            member.endpoint(),
            member.uuid(),
            member.name(),
            addressValues(member),
            member.serverId(),
            member.recoveryUser(),
            member.recoveryHost()));
  }

  private static Statement updateInstance(String clusterId, InstanceRow row, InstanceFacts member) {
    return Statement.of(
        "UPDATE "
            + INSTANCES
            + " SET cluster_id = ?, address = ?, mysql_server_uuid = ?, addresses = "
            + addresses(member)
            + ", attributes = JSON_SET(COALESCE(attributes, JSON_OBJECT()), '$.server_id', ?,"
            + " '$.recoveryAccountUser', ?, '$.recoveryAccountHost', ?) WHERE instance_id = ? AND"
            + " cluster_id = ?",
        values(
            clusterId,
            member.endpoint(),
            member.uuid(),
            addressValues(member),
            member.serverId(),
            member.recoveryUser(),
            member.recoveryHost(),
            row.id(),
            row.clusterId()));
  }

  /** Without the X protocol there is no such address, rather than an empty one. */
  private static String addresses(InstanceFacts member) {
    return "JSON_OBJECT('mysqlClassic', ?, 'grLocal', ?"
        + (member.xEndpoint().isPresent() ? ", 'mysqlX', ?" : "")
        + ")";
  }

  private static List<Object> addressValues(InstanceFacts member) {
    List<Object> values = new ArrayList<>(List.of(member.endpoint(), member.groupEndpoint()));
    member.xEndpoint().ifPresent(values::add);
    return values;
  }

  private static Object[] values(Object... parts) {
    List<Object> flat = new ArrayList<>();
    for (Object part : parts) {
      if (part instanceof List<?> list) {
        flat.addAll(list);
      } else {
        flat.add(part);
      }
    }
    return flat.toArray();
  }

  /** Rows of nobody: neither in cluster.yaml nor in the group. */
  private void strangers(String clusterId, Set<Long> used) {
    for (InstanceRow row : now.instances()) {
      boolean someones =
          used.contains(row.id())
              || wanted.others().contains(row.endpoint())
              || (wanted.inGroup().contains(row.uuid())
                  && wanted.members().stream().noneMatch(m -> m.uuid().equals(row.uuid())));
      boolean ours = row.clusterId().equals(clusterId) || now.clusters().size() <= 1;
      if (!someones && ours) {
        add(
            "forget %s (%s), which is in neither cluster.yaml nor the group"
                .formatted(row.label(), row.endpoint()),
            Statement.of(
                "DELETE FROM " + INSTANCES + " WHERE instance_id = ? AND cluster_id = ?",
                row.id(),
                row.clusterId()));
      }
    }
  }

  /** A Router whose cluster isn't known would find none. */
  private void routers(String clusterId) {
    for (RouterRow router : now.routers()) {
      boolean known =
          router.clusterId().equals(clusterId)
              || now.clusters().stream().anyMatch(c -> c.id().equals(router.clusterId()));
      if (!known) {
        add(
            "note that the router %s belongs to this cluster".formatted(router.name()),
            Statement.of(
                "UPDATE " + ROUTERS + " SET cluster_id = ? WHERE router_id = ?",
                clusterId,
                router.id()));
      }
    }
  }

  /** Takes a Router out, with what it says of itself. */
  public static MetadataChange forget(RouterRow router, MetadataVersion version) {
    List<Statement> statements = new ArrayList<>();
    if (version.atLeast(MetadataVersion.V2_4_0)) {
      statements.add(
          Statement.of("DELETE FROM " + ROUTER_STATS + " WHERE router_id = ?", router.id()));
    }
    statements.add(Statement.of("DELETE FROM " + ROUTERS + " WHERE router_id = ?", router.id()));
    return new MetadataChange(
        "forget the router %s (%s)".formatted(router.name(), router.address()), statements);
  }

  private void add(String text, Statement statement) {
    changes.add(new MetadataChange(text, List.of(statement)));
  }
}
