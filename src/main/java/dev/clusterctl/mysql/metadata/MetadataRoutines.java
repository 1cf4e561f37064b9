package dev.clusterctl.mysql.metadata;

import static dev.clusterctl.dialect.MetadataVersion.V2_1_0;
import static dev.clusterctl.dialect.MetadataVersion.V2_2_0;

import dev.clusterctl.dialect.MetadataVersion;
import java.util.List;

/**
 * The routines of the metadata schema. clusterctl calls none of them; MySQL Shell does, to set
 * options of Routers and to make a ClusterSet of clusters. The names, and the order of their
 * parameters, are the interface.
 */
final class MetadataRoutines {
  private MetadataRoutines() {}

  /**
   * A procedure.
   *
   * @param parameters as they stand in its parentheses
   * @param body from BEGIN to END
   */
  record Routine(String name, MetadataVersion since, String parameters, String body) {
    String create() {
      return "CREATE PROCEDURE %s.`%s`(%s) MODIFIES SQL DATA SQL SECURITY INVOKER %s"
          .formatted(
              MetadataSchema.NAME,
              name,
              parameters,
              body.replace("%schema%", MetadataSchema.NAME).strip());
    }

    String drop() {
      return "DROP PROCEDURE IF EXISTS %s.`%s`".formatted(MetadataSchema.NAME, name);
    }
  }

  private static final String OPTION =
      "owner_id VARCHAR(36), option_name VARCHAR(100), option_value JSON";

  private static final String ROUTER_OPTION =
      "router VARCHAR(512), owner_id VARCHAR(36), option_name VARCHAR(100), option_value JSON";

  /** The routines of a version. */
  static List<Routine> of(MetadataVersion version) {
    if (!version.atLeast(V2_1_0)) {
      return List.of();
    }
    List<Routine> options =
        version.atLeast(V2_2_0)
            ? List.of(
                global("v2_set_global_cs_router_option", "clustersets", "clusterset_id"),
                global("v2_set_global_cluster_router_option", "clusters", "cluster_id"),
                ofRouter("v2_set_cs_routing_option", "clusterset_id", "ClusterSet"),
                ofRouter("v2_set_cluster_routing_option", "cluster_id", "Cluster"))
            : List.of(
                global("v2_set_global_router_option", "clustersets", "clusterset_id"),
                ofRouter("v2_set_routing_option", "clusterset_id", "ClusterSet"));
    return java.util.stream.Stream.concat(options.stream(), CLUSTER_SETS.stream()).toList();
  }

  /** A NULL takes the option away. */
  private static Routine global(String name, String table, String key) {
    return new Routine(
        name,
        V2_1_0,
        OPTION,
        """
        BEGIN
          DECLARE place VARCHAR(110) DEFAULT CONCAT('$.', option_name);
          UPDATE %%schema%%.%1$s t SET t.router_options = CASE
            WHEN option_value IS NULL THEN JSON_REMOVE(t.router_options, place)
            ELSE JSON_SET(COALESCE(t.router_options, JSON_OBJECT()), place, option_value) END
          WHERE t.%2$s = owner_id;
        END"""
            .formatted(table, key));
  }

  /** A Router is named {@code ADDRESS::NAME}, or by its address where it has no name. */
  private static Routine ofRouter(String name, String key, String owner) {
    return new Routine(
        name,
        V2_1_0,
        ROUTER_OPTION,
        """
        BEGIN
          DECLARE place VARCHAR(110) DEFAULT CONCAT('$.', option_name);
          DECLARE host VARCHAR(512) DEFAULT SUBSTRING_INDEX(router, '::', 1);
          DECLARE given VARCHAR(512) DEFAULT IF(LOCATE('::', router) = 0, '', SUBSTRING_INDEX(router, '::', -1));
          DECLARE complaint VARCHAR(600);
          IF NOT EXISTS (SELECT 1 FROM %%schema%%.routers r
              WHERE r.%1$s = owner_id AND r.address = host AND r.router_name = given) THEN
            SET complaint = CONCAT('This %2$s has no router ', QUOTE(router));
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = complaint;
          END IF;
          UPDATE %%schema%%.routers r SET r.options = CASE
            WHEN option_value IS NULL THEN JSON_REMOVE(r.options, place)
            ELSE JSON_SET(COALESCE(r.options, JSON_OBJECT()), place, option_value) END
          WHERE r.%1$s = owner_id AND r.address = host AND r.router_name = given;
        END"""
            .formatted(key, owner));
  }

  /** Each change of a ClusterSet begins with a copy of its newest view under a higher number. */
  private static final String BEGIN_CHANGE =
      """
      BEGIN
        DECLARE newest BIGINT UNSIGNED DEFAULT (
          SELECT MAX(v.view_id) FROM %schema%.clusterset_views v WHERE v.clusterset_id = set_id);
        -- Fail-overs count in the upper half: the number rises even where the last view was lost.
        SET new_view = newest + IF(is_failover, 4294967296, 1);
        INSERT INTO %schema%.clusterset_views (clusterset_id, view_id, topology_type,
            view_change_reason, view_change_time, view_change_info, attributes)
          SELECT v.clusterset_id, new_view, v.topology_type, reason, NOW(6),
            JSON_OBJECT('source', @@server_uuid, 'user', USER()), v.attributes
          FROM %schema%.clusterset_views v WHERE v.clusterset_id = set_id AND v.view_id = newest;
        INSERT INTO %schema%.clusterset_members (clusterset_id, view_id, cluster_id,
            master_cluster_id, primary_cluster, attributes)
          SELECT m.clusterset_id, new_view, m.cluster_id, m.master_cluster_id, m.primary_cluster,
            m.attributes
          FROM %schema%.clusterset_members m WHERE m.clusterset_id = set_id AND m.view_id = newest;
      END""";

  private static final String CREATED =
      """
      BEGIN
        SET set_id = UUID();
        INSERT INTO %schema%.clustersets (clusterset_id, domain_name, options, attributes,
            router_options)
          VALUES (set_id, domain, JSON_OBJECT(), JSON_OBJECT(), JSON_OBJECT());
        INSERT INTO %schema%.clusterset_views (clusterset_id, view_id, topology_type,
            view_change_reason, view_change_time, view_change_info, attributes)
          VALUES (set_id, 1, 'SINGLE-PRIMARY-TREE', 'CREATE', NOW(6),
            JSON_OBJECT('source', @@server_uuid, 'user', USER()), given_attributes);
        INSERT INTO %schema%.clusterset_members (clusterset_id, view_id, cluster_id,
            master_cluster_id, primary_cluster, attributes)
          VALUES (set_id, 1, first_cluster, NULL, TRUE, given_attributes);
        UPDATE %schema%.clusters c SET c.clusterset_id = set_id WHERE c.cluster_id = first_cluster;
      END""";

  private static final String ADD_MEMBER =
      """
        INSERT INTO %schema%.clusterset_members (clusterset_id, view_id, cluster_id,
            master_cluster_id, primary_cluster, attributes)
          VALUES (set_id, new_view, member, NULLIF(source, ''), FALSE, given_attributes);
      """;

  private static final String MEMBER_ADDED =
      """
      BEGIN
        DECLARE new_view BIGINT UNSIGNED;
        CALL %schema%._v2_begin_cs_change(set_id, 'ADD_CLUSTER', 0, new_view);
      """
          + ADD_MEMBER
          + """
            UPDATE %schema%.clusters c SET c.clusterset_id = set_id WHERE c.cluster_id = member;
          END""";

  private static final String MEMBER_REJOINED =
      """
      BEGIN
        DECLARE new_view BIGINT UNSIGNED;
        CALL %schema%._v2_begin_cs_change(set_id, 'REJOIN_CLUSTER', 0, new_view);
      """
          + ADD_MEMBER
          + "END";

  private static final String MEMBER_REMOVED =
      """
      BEGIN
        DECLARE new_view BIGINT UNSIGNED;
        CALL %schema%._v2_begin_cs_change(set_id, 'REMOVE_CLUSTER', 0, new_view);
        DELETE m FROM %schema%.clusterset_members m
          WHERE m.clusterset_id = set_id AND m.view_id = new_view AND m.cluster_id = member;
        UPDATE %schema%.clusters c SET c.clusterset_id = NULL WHERE c.cluster_id = member;
      END""";

  /** Takes the reason, and whether it is a fail-over. */
  private static final String PRIMARY_CHANGED =
      """
      BEGIN
        DECLARE new_view BIGINT UNSIGNED;
        CALL %%schema%%._v2_begin_cs_change(set_id, '%s', %d, new_view);
        UPDATE %%schema%%.clusterset_members m SET
            m.primary_cluster = (m.cluster_id = new_primary),
            m.master_cluster_id = IF(m.cluster_id = new_primary, NULL, new_primary),
            m.attributes = JSON_MERGE_PATCH(given_attributes, m.attributes)
          WHERE m.clusterset_id = set_id AND m.view_id = new_view;
      END""";

  /** Called within another change: the newest view is that change's own. */
  private static final String INVALIDATED =
      """
      BEGIN
        DECLARE newest BIGINT UNSIGNED DEFAULT (
          SELECT MAX(v.view_id) FROM %schema%.clusterset_views v WHERE v.clusterset_id = set_id);
        DELETE m FROM %schema%.clusterset_members m
          WHERE m.clusterset_id = set_id AND m.view_id = newest AND m.cluster_id = member;
      END""";

  private static final String NEW_MEMBER =
      "set_id VARCHAR(36), member VARCHAR(36), source VARCHAR(36), given_attributes JSON";

  private static final String NEW_PRIMARY =
      "set_id VARCHAR(36), new_primary VARCHAR(36), given_attributes JSON";

  private static final String MEMBER = "set_id VARCHAR(36), member VARCHAR(36)";

  private static final List<Routine> CLUSTER_SETS =
      List.of(
          new Routine(
              "_v2_begin_cs_change",
              V2_1_0,
              "set_id VARCHAR(36), reason VARCHAR(32), is_failover INT, OUT new_view BIGINT UNSIGNED",
              BEGIN_CHANGE),
          new Routine(
              "v2_cs_created",
              V2_1_0,
              "domain VARCHAR(63), first_cluster VARCHAR(36), given_attributes JSON, OUT set_id"
                  + " VARCHAR(36)",
              CREATED),
          new Routine("v2_cs_member_added", V2_1_0, NEW_MEMBER, MEMBER_ADDED),
          new Routine("v2_cs_member_rejoined", V2_1_0, NEW_MEMBER, MEMBER_REJOINED),
          new Routine("v2_cs_member_removed", V2_1_0, MEMBER, MEMBER_REMOVED),
          new Routine(
              "v2_cs_primary_changed",
              V2_1_0,
              NEW_PRIMARY,
              PRIMARY_CHANGED.formatted("SWITCH_PRIMARY", 0)),
          new Routine(
              "v2_cs_primary_force_changed",
              V2_1_0,
              NEW_PRIMARY,
              PRIMARY_CHANGED.formatted("FORCE_PRIMARY", 1)),
          new Routine("v2_cs_add_invalidated_member", V2_1_0, MEMBER, INVALIDATED));
}
