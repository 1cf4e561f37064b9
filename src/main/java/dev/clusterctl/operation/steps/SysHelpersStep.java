package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ReplicationDriver;
import dev.clusterctl.render.SysHelpers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Schema sys has the functions and the view through which a proxy asks a member how it does. */
final class SysHelpersStep extends ClusterStep {
  private static final Pattern MADE =
      Pattern.compile("CREATE\\b.*?\\b(FUNCTION|VIEW)\\s+sys\\.(\\w+)", Pattern.DOTALL);

  private final Cluster cluster;
  private final ReplicationDriver driver;

  SysHelpersStep(Cluster cluster, Set<String> needs) {
    super(CLUSTER, "sys-helpers", "sys helper functions installed", needs, Set.of());
    this.cluster = cluster;
    this.driver = cluster.driver();
  }

  @Override
  public Check check() throws IOException {
    try (Session session = cluster.admin(driver.requireWriter())) {
      Map<String, String> there = definitions(session);
      List<String> changes = new ArrayList<>();
      for (String statement : statements()) {
        Matcher made = MADE.matcher(statement);
        // A function's body is kept to the letter, a view's is not: that it is there must do.
        if (made.lookingAt()
            && !statement.endsWith(there.getOrDefault(made.group(2), "is not there"))) {
          changes.add("install sys." + made.group(2));
        }
      }
      return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, List.of());
    }
  }

  @Override
  public void apply(Progress progress) throws IOException {
    try (Session session = cluster.admin(driver.requireWriter())) {
      for (String statement : statements()) {
        session.run(statement);
      }
    }
  }

  private List<String> statements() {
    return SysHelpers.sql(cluster.topology().mysql().version());
  }

  private static Map<String, String> definitions(Session session) throws MySqlException {
    Map<String, String> result = new HashMap<>();
    for (Row row :
        session.query(
            "SELECT ROUTINE_NAME AS name, ROUTINE_DEFINITION AS body FROM"
                + " information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'sys' UNION ALL SELECT"
                + " TABLE_NAME, '' FROM information_schema.VIEWS WHERE TABLE_SCHEMA = 'sys'")) {
      result.put(row.text("name"), row.text("body").strip());
    }
    return result;
  }
}
