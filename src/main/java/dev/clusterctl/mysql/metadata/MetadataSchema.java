package dev.clusterctl.mysql.metadata;

import static dev.clusterctl.dialect.MetadataVersion.V2_0_0;
import static dev.clusterctl.dialect.MetadataVersion.V2_1_0;
import static dev.clusterctl.dialect.MetadataVersion.V2_2_0;
import static dev.clusterctl.dialect.MetadataVersion.V2_3_0;
import static dev.clusterctl.dialect.MetadataVersion.V2_4_0;

import dev.clusterctl.dialect.MetadataVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tables and views of the metadata schema, in each of its versions. Their names and columns are
 * the interface between AdminAPI, MySQL Router and clusterctl; whoever reads the schema goes by
 * them.
 */
public final class MetadataSchema {
  /** The schema's name. */
  public static final String NAME = "mysql_innodb_cluster_metadata";

  private static final String UUID_TEXT = "CHAR(36) CHARACTER SET ascii COLLATE ascii_general_ci";
  private static final String SET_ID = "VARCHAR(36) CHARACTER SET ascii COLLATE ascii_general_ci";
  private static final String ASCII = "CHARACTER SET ascii COLLATE ascii_general_ci";

  private MetadataSchema() {}

  /** A column, and the version that brought it. */
  record Column(String name, String type, MetadataVersion since) {
    String definition() {
      return "`" + name + "` " + type;
    }
  }

  /**
   * A table.
   *
   * @param keys what stands after the columns
   */
  record Table(String name, MetadataVersion since, List<Column> columns, List<String> keys) {

    String create(MetadataVersion version) {
      List<String> lines =
          new ArrayList<>(
              columns.stream()
                  .filter(c -> version.atLeast(c.since()))
                  .map(Column::definition)
                  .toList());
      lines.addAll(keys);
      return "CREATE TABLE IF NOT EXISTS %s.`%s` (%s) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4"
          .formatted(NAME, name, String.join(", ", lines));
    }

    String add(Column column) {
      return "ALTER TABLE %s.`%s` ADD COLUMN %s".formatted(NAME, name, column.definition());
    }
  }

  /** A view; {@code %schema%} in its query stands for the schema. */
  record View(String name, MetadataVersion since, String query) {
    String create() {
      return "CREATE OR REPLACE SQL SECURITY INVOKER VIEW %s.`%s` AS %s"
          .formatted(NAME, name, query.replace("%schema%", NAME).strip());
    }
  }

  private static final List<Table> TABLES =
      List.of(
          table(
              "clusters",
              V2_0_0,
              List.of("PRIMARY KEY (cluster_id)", "UNIQUE KEY (cluster_name)"),
              column("cluster_id", UUID_TEXT + " NOT NULL"),
              column("cluster_name", "VARCHAR(63) NOT NULL"),
              column("description", "TEXT"),
              column("options", "JSON"),
              column("attributes", "JSON"),
              column("cluster_type", "ENUM('gr', 'ar') NOT NULL"),
              column("primary_mode", "ENUM('pm', 'mm') NOT NULL DEFAULT 'pm'"),
              column("router_options", "JSON"),
              new Column("clusterset_id", SET_ID + " DEFAULT NULL", V2_1_0)),
          table(
              "instances",
              V2_0_0,
              List.of(
                  "PRIMARY KEY (instance_id, cluster_id)",
                  "FOREIGN KEY (cluster_id) REFERENCES clusters (cluster_id)"),
              column("instance_id", "INT UNSIGNED NOT NULL AUTO_INCREMENT"),
              column("cluster_id", UUID_TEXT + " NOT NULL"),
              column("address", "VARCHAR(265) " + ASCII),
              column("mysql_server_uuid", "CHAR(36) NOT NULL"),
              column("instance_name", "VARCHAR(265) NOT NULL"),
              column("addresses", "JSON NOT NULL"),
              column("attributes", "JSON"),
              column("description", "TEXT"),
              new Column(
                  "instance_type",
                  "ENUM('group-member', 'async-member', 'read-replica') NOT NULL",
                  V2_2_0)),
          table(
              "async_cluster_views",
              V2_0_0,
              List.of(
                  "PRIMARY KEY (cluster_id, view_id)",
                  "KEY (view_id)",
                  "FOREIGN KEY (cluster_id) REFERENCES clusters (cluster_id)"),
              column("cluster_id", UUID_TEXT + " NOT NULL"),
              column("view_id", "INT UNSIGNED NOT NULL"),
              column("topology_type", "ENUM('SINGLE-PRIMARY-TREE')"),
              column("view_change_reason", "VARCHAR(32) NOT NULL"),
              column("view_change_time", "TIMESTAMP(6) NOT NULL"),
              column("view_change_info", "JSON NOT NULL"),
              column("attributes", "JSON NOT NULL")),
          table(
              "async_cluster_members",
              V2_0_0,
              List.of(
                  "PRIMARY KEY (cluster_id, view_id, instance_id)",
                  "KEY (view_id)",
                  "KEY (instance_id)",
                  "FOREIGN KEY (cluster_id, view_id)"
                      + " REFERENCES async_cluster_views (cluster_id, view_id)"),
              column("cluster_id", UUID_TEXT + " NOT NULL"),
              column("view_id", "INT UNSIGNED NOT NULL"),
              column("instance_id", "INT UNSIGNED NOT NULL"),
              column("master_instance_id", "INT UNSIGNED"),
              column("primary_master", "BOOL NOT NULL"),
              column("attributes", "JSON NOT NULL")),
          table(
              "routers",
              V2_0_0,
              List.of("PRIMARY KEY (router_id)", "UNIQUE KEY (address, router_name)"),
              column("router_id", "INT UNSIGNED NOT NULL AUTO_INCREMENT"),
              column("router_name", "VARCHAR(265) NOT NULL"),
              column("product_name", "VARCHAR(128) NOT NULL"),
              column("address", "VARCHAR(256) " + ASCII + " NOT NULL"),
              column("version", "VARCHAR(12) DEFAULT NULL"),
              column("last_check_in", "TIMESTAMP NULL DEFAULT NULL"),
              column("attributes", "JSON"),
              column("cluster_id", UUID_TEXT + " DEFAULT NULL"),
              column("options", "JSON DEFAULT NULL"),
              new Column("clusterset_id", SET_ID + " DEFAULT NULL", V2_1_0)),
          table(
              "router_rest_accounts",
              V2_0_0,
              List.of("PRIMARY KEY (cluster_id, user)"),
              column("cluster_id", UUID_TEXT + " NOT NULL"),
              column("user", "VARCHAR(256) NOT NULL"),
              column(
                  "authentication_method", "VARCHAR(64) NOT NULL DEFAULT 'modular_crypt_format'"),
              column("authentication_string", "TEXT " + ASCII + " DEFAULT NULL"),
              column("description", "VARCHAR(255) DEFAULT NULL"),
              column("privileges", "JSON"),
              column("attributes", "JSON DEFAULT NULL")),
          table(
              "clustersets",
              V2_1_0,
              List.of("PRIMARY KEY (clusterset_id)"),
              new Column("clusterset_id", SET_ID + " NOT NULL", V2_1_0),
              new Column("domain_name", "VARCHAR(63) NOT NULL", V2_1_0),
              new Column("options", "JSON", V2_1_0),
              new Column("attributes", "JSON", V2_1_0),
              new Column("router_options", "JSON", V2_1_0),
              new Column("topology_type", "ENUM('SINGLE-PRIMARY-STAR')", V2_1_0)),
          table(
              "clusterset_views",
              V2_1_0,
              List.of(
                  "PRIMARY KEY (clusterset_id, view_id)",
                  "KEY (view_id)",
                  "FOREIGN KEY (clusterset_id) REFERENCES clustersets (clusterset_id)"),
              new Column("clusterset_id", SET_ID + " NOT NULL", V2_1_0),
              new Column("view_id", "BIGINT UNSIGNED NOT NULL", V2_1_0),
              new Column("topology_type", "ENUM('SINGLE-PRIMARY-TREE')", V2_1_0),
              new Column("view_change_reason", "VARCHAR(32) NOT NULL", V2_1_0),
              new Column("view_change_time", "TIMESTAMP(6) NOT NULL", V2_1_0),
              new Column("view_change_info", "JSON NOT NULL", V2_1_0),
              new Column("attributes", "JSON NOT NULL", V2_1_0)),
          table(
              "clusterset_members",
              V2_1_0,
              List.of(
                  "PRIMARY KEY (clusterset_id, view_id, cluster_id)",
                  "KEY (view_id)",
                  "KEY (cluster_id)",
                  "FOREIGN KEY (clusterset_id, view_id)"
                      + " REFERENCES clusterset_views (clusterset_id, view_id)"),
              new Column("clusterset_id", SET_ID + " NOT NULL", V2_1_0),
              new Column("view_id", "BIGINT UNSIGNED NOT NULL", V2_1_0),
              new Column("cluster_id", SET_ID + " NOT NULL", V2_1_0),
              new Column("master_cluster_id", SET_ID, V2_1_0),
              new Column("primary_cluster", "BOOL NOT NULL", V2_1_0),
              new Column("attributes", "JSON NOT NULL", V2_1_0)),
          table(
              "routing_guidelines",
              V2_3_0,
              List.of("PRIMARY KEY (guideline_id)", "UNIQUE KEY (title)"),
              new Column("guideline_id", UUID_TEXT + " NOT NULL", V2_3_0),
              new Column("clusterset_id", SET_ID + " DEFAULT NULL", V2_3_0),
              new Column("cluster_id", UUID_TEXT + " DEFAULT NULL", V2_3_0),
              new Column("title", "VARCHAR(256) NOT NULL", V2_3_0),
              new Column("guideline", "JSON NOT NULL", V2_3_0),
              new Column("default_guideline", "BOOL NOT NULL DEFAULT FALSE", V2_3_0)),
          table(
              "router_stats",
              V2_4_0,
              List.of("PRIMARY KEY (router_id)"),
              new Column("router_id", "INT UNSIGNED NOT NULL", V2_4_0),
              new Column("last_check_in", "TIMESTAMP NULL DEFAULT NULL", V2_4_0)));

  /** Whoever reads a view asks for columns by name, so that later versions only add some. */
  private static List<View> allViews(MetadataVersion version) {
    boolean sets = version.atLeast(V2_1_0);
    boolean types = version.atLeast(V2_2_0);
    String setId = sets ? ", c.clusterset_id" : "";
    return List.of(
        new View(
            "v2_clusters",
            V2_0_0,
            """
            SELECT cluster_type, primary_mode, cluster_id, cluster_name, router_options
            FROM %schema%.clusters"""),
        new View(
            "v2_gr_clusters",
            V2_0_0,
            """
            SELECT c.cluster_type, c.primary_mode, c.cluster_id, c.cluster_name,
              JSON_UNQUOTE(JSON_EXTRACT(c.attributes, '$.group_replication_group_name')) AS group_name,
              c.attributes, c.options, c.router_options, c.description"""
                + setId
                + " FROM %schema%.clusters c WHERE c.cluster_type = 'gr'"),
        new View(
            "v2_instances",
            V2_0_0,
            """
            SELECT i.instance_id, i.cluster_id, i.instance_name AS label, i.mysql_server_uuid, i.address,
              JSON_UNQUOTE(JSON_EXTRACT(i.addresses, '$.mysqlClassic')) AS endpoint,
              JSON_UNQUOTE(JSON_EXTRACT(i.addresses, '$.mysqlX')) AS xendpoint,"""
                + (types
                    ? " JSON_INSERT(i.attributes, '$.instance_type', i.instance_type) AS attributes,"
                        + " i.instance_type"
                    : " i.attributes")
                + " FROM %schema%.instances i"),
        // A view may hold no variable; this is how it learns which server is asked.
        new View(
            "v2_this_instance",
            V2_0_0,
            "SELECT i.cluster_id, i.instance_id, "
                + (types ? "i.instance_type, " : "")
                + """
                c.cluster_name, c.cluster_type
                FROM performance_schema.global_variables g
                JOIN %schema%.instances i
                  ON i.mysql_server_uuid = CONVERT(g.VARIABLE_VALUE USING utf8mb4) COLLATE utf8mb4_general_ci
                JOIN %schema%.clusters c ON c.cluster_id = i.cluster_id
                WHERE g.VARIABLE_NAME = 'server_uuid'"""),
        new View(
            "v2_routers",
            V2_0_0,
            """
            SELECT router_id, cluster_id, router_name, product_name, address, version, last_check_in,
              attributes, options"""
                + (sets ? ", clusterset_id" : "")
                + " FROM %schema%.routers"),
        new View(
            "v2_router_rest_accounts",
            V2_0_0,
            """
            SELECT cluster_id, user, authentication_method, authentication_string, description,
              privileges, attributes
            FROM %schema%.router_rest_accounts"""),
        new View(
            "v2_ar_clusters",
            V2_0_0,
            """
            SELECT v.view_id, c.cluster_type, c.primary_mode, v.topology_type AS async_topology_type,
              c.cluster_id, c.cluster_name, c.attributes, c.options, c.router_options, c.description"""
                + setId
                + """
                 FROM %schema%.clusters c
                JOIN %schema%.async_cluster_views v ON v.cluster_id = c.cluster_id
                WHERE c.cluster_type = 'ar' AND NOT EXISTS (
                  SELECT 1 FROM %schema%.async_cluster_views later
                  WHERE later.cluster_id = v.cluster_id AND later.view_id > v.view_id)"""),
        new View(
            "v2_ar_members",
            V2_0_0,
            """
            SELECT m.view_id, m.cluster_id, m.instance_id, i.instance_name AS label,
              i.mysql_server_uuid AS member_id,
              CASE WHEN m.primary_master THEN 'PRIMARY' ELSE 'SECONDARY' END AS member_role,
              m.master_instance_id, source.mysql_server_uuid AS master_member_id
            FROM %schema%.async_cluster_members m
            JOIN %schema%.instances i
              ON i.cluster_id = m.cluster_id AND i.instance_id = m.instance_id
            LEFT JOIN %schema%.instances source ON source.instance_id = m.master_instance_id
            WHERE m.view_id = (
              SELECT MAX(v.view_id) FROM %schema%.async_cluster_views v WHERE v.cluster_id = m.cluster_id)"""),
        new View(
            "v2_cs_clustersets",
            V2_1_0,
            """
            SELECT v.view_id, v.topology_type AS async_topology_type, s.clusterset_id, s.domain_name,
              s.attributes, s.options, s.router_options
            FROM %schema%.clustersets s
            JOIN %schema%.clusterset_views v ON v.clusterset_id = s.clusterset_id
            WHERE NOT EXISTS (
              SELECT 1 FROM %schema%.clusterset_views later
              WHERE later.clusterset_id = v.clusterset_id AND later.view_id > v.view_id)"""),
        new View(
            "v2_cs_members",
            V2_1_0,
            """
            SELECT newest.view_id, c.clusterset_id, c.cluster_id, c.cluster_name,
              CASE m.primary_cluster WHEN 1 THEN 'PRIMARY' WHEN 0 THEN 'REPLICA' END AS member_role,
              m.master_cluster_id, m.cluster_id IS NULL AS invalidated
            FROM %schema%.clusters c
            LEFT JOIN (
              SELECT clusterset_id, MAX(view_id) AS view_id
              FROM %schema%.clusterset_views GROUP BY clusterset_id) newest
              ON newest.clusterset_id = c.clusterset_id
            LEFT JOIN %schema%.clusterset_members m
              ON m.clusterset_id = newest.clusterset_id AND m.view_id = newest.view_id
                AND m.cluster_id = c.cluster_id
            WHERE c.clusterset_id IS NOT NULL"""),
        new View(
            "v2_cs_router_options",
            V2_1_0,
            """
            SELECT r.router_id, CONCAT_WS('::', r.address, r.router_name) AS router_label,
              r.clusterset_id,
              JSON_MERGE_PATCH(
                COALESCE(s.router_options, JSON_OBJECT()), COALESCE(r.options, JSON_OBJECT())) AS router_options
            FROM %schema%.routers r
            LEFT JOIN %schema%.clustersets s ON s.clusterset_id = r.clusterset_id"""),
        new View(
            "v2_router_options",
            V2_2_0,
            """
            SELECT r.router_id, CONCAT_WS('::', r.address, r.router_name) AS router_label,
              r.cluster_id, r.clusterset_id,
              JSON_MERGE_PATCH(
                COALESCE(s.router_options, JSON_OBJECT()), COALESCE(c.router_options, JSON_OBJECT()),
                COALESCE(r.options, JSON_OBJECT())) AS router_options
            FROM %schema%.routers r
            LEFT JOIN %schema%.clusters c ON c.cluster_id = r.cluster_id
            LEFT JOIN %schema%.clustersets s ON s.clusterset_id = r.clusterset_id"""));
  }

  /** The tables of a version, each after those that it refers to. */
  static List<Table> tables(MetadataVersion version) {
    return TABLES.stream().filter(t -> version.atLeast(t.since())).toList();
  }

  /** The views of a version, without {@code schema_version}. */
  static List<View> views(MetadataVersion version) {
    return allViews(version).stream().filter(v -> version.atLeast(v.since())).toList();
  }

  /** The view by which everybody tells the version. It is made last: then all the rest is there. */
  static View versionView(MetadataVersion version) {
    return new View(
        "schema_version",
        V2_0_0,
        "SELECT %s AS major, %s AS minor, %s AS patch"
            .formatted((Object[]) version.toString().split("\\.", -1)));
  }

  /** Every statement that makes a whole schema, in order; each may be run again. */
  public static List<String> statements(MetadataVersion version) {
    return Stream.of(
            Stream.of("CREATE DATABASE IF NOT EXISTS " + NAME + " DEFAULT CHARACTER SET utf8mb4"),
            tables(version).stream().map(t -> t.create(version)),
            views(version).stream().map(View::create),
            MetadataRoutines.of(version).stream().flatMap(r -> Stream.of(r.drop(), r.create())),
            Stream.of(versionView(version).create()))
        .flatMap(s -> s)
        .toList();
  }

  private static Table table(
      String name, MetadataVersion since, List<String> keys, Column... columns) {
    return new Table(name, since, List.of(columns), keys);
  }

  private static Column column(String name, String type) {
    return new Column(name, type, V2_0_0);
  }
}
