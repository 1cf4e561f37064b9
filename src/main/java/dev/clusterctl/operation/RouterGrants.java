package dev.clusterctl.operation;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.MetadataVersion;
import dev.clusterctl.mysql.Account.Grant;
import dev.clusterctl.mysql.metadata.MetadataSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that MySQL Router must be allowed in an InnoDB Cluster: to bootstrap once, to run, and
 * what clusterctl may do through it. Tried with Router 9.7.4.
 */
public final class RouterGrants {
  /** Where clusterctl writes its proof that a row gets through. */
  static final String PROOF_SCHEMA = "clusterctl";

  /** Asks through the Router who answers, and writes one row. */
  static final List<Grant> MONITOR =
      List.of(
          new Grant("SELECT", "performance_schema.replication_group_members", false),
          new Grant("SELECT, INSERT, UPDATE", "`" + PROOF_SCHEMA + "`.*", false));

  private RouterGrants() {}

  /** The account with which it runs. Needs the metadata's tables. */
  static List<Grant> running(Dialect dialect) {
    List<Grant> grants = new ArrayList<>(reading());
    grants.add(on("UPDATE", "routers"));
    grants.add(on("UPDATE", "v2_routers"));
    if (MetadataVersion.of(dialect.version()).atLeast(MetadataVersion.V2_4_0)) {
      grants.add(on("INSERT, UPDATE", "router_stats"));
    }
    return List.copyOf(grants);
  }

  /** The account with which it bootstraps, and which is there only for that moment. */
  public static List<Grant> bootstrap() {
    List<Grant> grants = new ArrayList<>(reading());
    grants.add(on("INSERT, UPDATE", "routers"));
    grants.add(on("INSERT, UPDATE", "v2_routers"));
    grants.add(on("UPDATE", "clusters"));
    grants.add(on("UPDATE", "v2_gr_clusters"));
    return List.copyOf(grants);
  }

  private static List<Grant> reading() {
    return List.of(
        new Grant("SELECT, EXECUTE", "`" + MetadataSchema.NAME + "`.*", false),
        new Grant("SELECT", "performance_schema.replication_group_members", false),
        new Grant("SELECT", "performance_schema.replication_group_member_stats", false),
        new Grant("SELECT", "performance_schema.global_variables", false));
  }

  private static Grant on(String privileges, String table) {
    return new Grant(privileges, "`%s`.`%s`".formatted(MetadataSchema.NAME, table), false);
  }
}
