package dev.clusterctl.mysql.metadata;

import dev.clusterctl.dialect.MetadataVersion;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.metadata.MetadataChange.Statement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The metadata schema on one server: read on any member, changed on one that takes writes. */
public final class Metadata {
  private final Session session;

  public Metadata(Session session) {
    this.session = session;
  }

  /** All that is there. What is damaged reads as missing, never as an error. */
  public MetadataContents read() throws MySqlException {
    Set<String> there = objects();
    if (there.isEmpty()) {
      return MetadataContents.NONE;
    }
    String text = there.contains("schema_version") ? versionText() : "";
    Optional<MetadataVersion> version = parse(text);
    // Without a version nobody can say what should be there; the rows are read as they are.
    List<String> missing =
        version
            .map(v -> names(v).stream().filter(n -> !there.contains(n)).toList())
            .orElse(List.of());
    return new MetadataContents(
        version,
        text,
        missing,
        there.contains("clusters") ? clusters() : List.of(),
        there.contains("instances") ? instances() : List.of(),
        there.contains("routers") ? routers() : List.of());
  }

  /** Names of the schema's tables, views and routines. */
  private Set<String> objects() throws MySqlException {
    Set<String> names = new HashSet<>();
    for (Row row :
        session.query(
            "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? UNION"
                + " ALL SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA ="
                + " ?",
            MetadataSchema.NAME,
            MetadataSchema.NAME)) {
      names.add(row.text("name").toLowerCase(Locale.ROOT));
    }
    return names;
  }

  private static List<String> names(MetadataVersion version) {
    List<String> names = new ArrayList<>();
    MetadataSchema.tables(version).forEach(t -> names.add(t.name()));
    MetadataSchema.views(version).forEach(v -> names.add(v.name()));
    MetadataRoutines.of(version).forEach(r -> names.add(r.name()));
    return names;
  }

  private String versionText() throws MySqlException {
    return session
        .value(
            "SELECT CONCAT_WS('.', major, minor, patch) FROM "
                + MetadataSchema.NAME
                + ".schema_version")
        .orElse("");
  }

  private static Optional<MetadataVersion> parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    return MetadataVersion.parse(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  private List<ClusterRow> clusters() throws MySqlException {
    List<ClusterRow> rows = new ArrayList<>();
    for (Row row :
        session.query(
            "SELECT cluster_id, cluster_name, primary_mode, attributes->>'$.group_replication_group_name'"
                + " AS group_name, attributes->>'$.opt_transactionSizeLimit' AS size_limit,"
                + " attributes->>'$.opt_replicationAllowedHost' AS allowed FROM "
                + MetadataSchema.NAME
                + ".clusters WHERE cluster_type = 'gr' ORDER BY cluster_name")) {
      rows.add(
          new ClusterRow(
              row.text("cluster_id"),
              row.text("cluster_name"),
              row.text("group_name"),
              row.text("primary_mode").equals("mm"),
              number(row, "size_limit"),
              row.text("allowed")));
    }
    return rows;
  }

  private List<InstanceRow> instances() throws MySqlException {
    // The column that tells read replicas from members came with 2.2.0.
    boolean types =
        session
            .value(
                "SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME ="
                    + " 'instances' AND COLUMN_NAME = 'instance_type'",
                MetadataSchema.NAME)
            .isPresent();
    List<InstanceRow> rows = new ArrayList<>();
    for (Row row :
        session.query(
            "SELECT instance_id, cluster_id, instance_name, mysql_server_uuid, address,"
                + " addresses->>'$.mysqlClassic' AS endpoint, addresses->>'$.mysqlX' AS xendpoint,"
                + " addresses->>'$.grLocal' AS gr_local, attributes->>'$.server_id' AS server_id,"
                + " attributes->>'$.recoveryAccountUser' AS recovery_user,"
                + " attributes->>'$.recoveryAccountHost' AS recovery_host FROM "
                + MetadataSchema.NAME
                + ".instances"
                + (types ? " WHERE instance_type = 'group-member'" : "")
                + " ORDER BY instance_id")) {
      rows.add(
          new InstanceRow(
              row.number("instance_id"),
              row.text("cluster_id"),
              row.text("instance_name"),
              row.text("mysql_server_uuid"),
              row.text("address"),
              row.text("endpoint"),
              row.text("xendpoint"),
              row.text("gr_local"),
              number(row, "server_id"),
              row.text("recovery_user"),
              row.text("recovery_host")));
    }
    return rows;
  }

  private List<RouterRow> routers() throws MySqlException {
    List<RouterRow> rows = new ArrayList<>();
    for (Row row :
        session.query(
            "SELECT router_id, router_name, address, version, cluster_id,"
                + " attributes->>'$.MetadataUser' AS user, attributes FROM "
                + MetadataSchema.NAME
                + ".routers ORDER BY router_id")) {
      rows.add(
          new RouterRow(
              row.number("router_id"),
              row.text("router_name"),
              row.text("address"),
              row.optional("version"),
              row.text("cluster_id"),
              row.text("user"),
              row.text("attributes")));
    }
    return rows;
  }

  private static Optional<Long> number(Row row, String column) {
    return row.optional(column).filter(t -> t.matches("[0-9]{1,18}")).map(Long::parseLong);
  }

  /**
   * Makes the schema what its version says: tables, columns, views and routines that are missing,
   * from nothing or from an older version. Rows stay. While it works the schema says that it is
   * being changed, as AdminAPI does it, and Routers wait.
   */
  public void makeSchema(MetadataVersion version) throws MySqlException {
    String schema = MetadataSchema.NAME;
    session.run("CREATE DATABASE IF NOT EXISTS " + schema + " DEFAULT CHARACTER SET utf8mb4");
    if (!objects().isEmpty()) {
      session.run(
          "CREATE OR REPLACE SQL SECURITY INVOKER VIEW "
              + schema
              + ".schema_version AS SELECT 0 AS major, 0 AS minor, 0 AS patch");
    }
    for (MetadataSchema.Table table : MetadataSchema.tables(version)) {
      session.run(table.create(version));
      Set<String> columns = columns(table.name());
      for (MetadataSchema.Column column : table.columns()) {
        if (version.atLeast(column.since()) && !columns.contains(column.name())) {
          session.run(table.add(column));
        }
      }
    }
    for (MetadataSchema.View view : MetadataSchema.views(version)) {
      session.run("making the view " + view.name(), view.create());
    }
    for (MetadataRoutines.Routine routine : MetadataRoutines.of(version)) {
      session.run(routine.drop());
      session.run("making the procedure " + routine.name(), routine.create());
    }
    session.run(MetadataSchema.versionView(version).create());
  }

  private Set<String> columns(String table) throws MySqlException {
    Set<String> columns = new HashSet<>();
    for (Row row :
        session.query(
            "SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND"
                + " TABLE_NAME = ?",
            MetadataSchema.NAME,
            table)) {
      columns.add(row.text("name"));
    }
    return columns;
  }

  /** Makes the changes, all or none. */
  public void apply(List<MetadataChange> changes) throws MySqlException {
    Connection connection = session.jdbc();
    try {
      connection.setAutoCommit(false);
      try {
        for (MetadataChange change : changes) {
          for (Statement statement : change.statements()) {
            run(connection, statement);
          }
        }
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw session.failed("changing the metadata", e);
    }
  }

  private static void run(Connection connection, Statement statement) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement.sql())) {
      int i = 0;
      for (Object value : statement.values()) {
        prepared.setObject(++i, value);
      }
      prepared.executeUpdate();
    }
  }
}
