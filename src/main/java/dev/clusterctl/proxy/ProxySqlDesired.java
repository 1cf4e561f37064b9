package dev.clusterctl.proxy;

import dev.clusterctl.dialect.ProxySqlCompatibility;
import dev.clusterctl.dialect.ProxySqlDialect;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Replication;
import dev.clusterctl.topology.Topology;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What ProxySQL's tables should hold for a topology. {@link #diff} finds what differs.
 *
 * <p>Ours are, and so are removed where no longer wanted: servers in the cluster's hostgroups,
 * hostgroup definitions with any of their numbers, query rules {@value #FIRST_RULE} to {@value
 * #LAST_RULE}, and what bears the comment {@value #MARK}. Everything else in ProxySQL is the user's
 * and stays. (ProxySQL 1.4 has no comments on users: there a user that is no longer wanted stays.)
 */
public final class ProxySqlDesired {
  /** The comment on rows that clusterctl made. */
  static final String MARK = "clusterctl";

  /** Query rules count in the order of their numbers: a user's own, with lower ones, come first. */
  static final int FIRST_RULE = 1_000_000;

  static final int LAST_RULE = 1_000_999;

  private static final int MYSQL_PORT = 3306;
  private static final String ANY_ADDRESS = "0.0.0.0:";

  private final List<Variable> variables;
  private final List<Rows> rows;
  private final Servers servers;

  private ProxySqlDesired(List<Variable> variables, List<Rows> rows, Servers servers) {
    this.variables = List.copyOf(variables);
    this.rows = List.copyOf(rows);
    this.servers = servers;
  }

  /**
   * The versions that were found can't work together. Those in the file were checked when it was
   * read, but a series stands for many versions.
   */
  public static final class ImpossiblePairException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String advice;

    ImpossiblePairException(ProxySqlCompatibility.Impossible impossible) {
      super(impossible.reason());
      this.advice = impossible.instead();
    }

    /** Which versions can. */
    public String advice() {
      return advice;
    }
  }

  /**
   * What a topology asks for.
   *
   * @param mysql the version that the servers really run
   * @param proxySql the version of ProxySQL that is really installed
   * @throws ImpossiblePairException if the two versions can't work together
   * @throws IllegalArgumentException if the topology's proxy isn't ProxySQL, or a user of it has no
   *     password in the secrets
   */
  public static ProxySqlDesired of(
      Topology topology, ProxySqlSecrets secrets, ServerVersion mysql, ServerVersion proxySql) {
    if (!(topology.proxy().orElse(null) instanceof Proxy.ProxySql proxy)) {
      throw new IllegalArgumentException("the proxy of this topology isn't ProxySQL");
    }
    ProxySqlDialect dialect = ProxySqlDialect.of(proxySql, mysql);
    ProxySqlCompatibility.Verdict verdict =
        ProxySqlCompatibility.of(proxySql, mysql, topology.mysql().hasNativePasswords());
    boolean grouped = topology.replication().hasGroup();
    Rows hostgroups =
        grouped
            ? hostgroups(verdict, proxy)
            : readOnlyHostgroups(proxy, proxySql.atLeast(2, 0, 0) ? "super_read_only" : "");
    return new ProxySqlDesired(
        variables(proxy, secrets, mysql, dialect),
        List.of(
            hostgroups,
            noOther(hostgroups, proxy),
            users(topology, proxy, secrets, dialect),
            rules(proxy)),
        servers(topology, proxy, verdict, dialect));
  }

  /**
   * What differs, in the order in which it must be done. Not a word of the user's own rows.
   *
   * @throws ProxySqlException if ProxySQL lacks a variable without which it can't be used
   */
  public ProxySqlChanges diff(ProxySqlState actual) throws ProxySqlException {
    List<AdminStatement> edits = new ArrayList<>();
    List<AdminStatement> activations = new ArrayList<>();
    boolean restart = false;
    for (Module module : Module.values()) {
      List<AdminStatement> ofModule = edits(module, actual);
      edits.addAll(ofModule);
      boolean restarted = needsRestart(module, actual);
      restart |= restarted;
      // What only a restart can bring into effect would be refused, and undone in memory.
      if (!restarted && (!ofModule.isEmpty() || !isMet(module, Layer.RUNTIME, actual))) {
        activations.add(module.load());
      }
      if (!ofModule.isEmpty() || !isMet(module, Layer.DISK, actual)) {
        activations.add(module.save());
      }
    }
    return new ProxySqlChanges(edits, activations, restart);
  }

  private List<AdminStatement> edits(Module module, ProxySqlState actual) throws ProxySqlException {
    List<AdminStatement> edits = new ArrayList<>();
    Map<String, String> values = values(actual, Layer.MEMORY);
    for (Variable variable : variables) {
      String value = values.get(variable.name());
      if (variable.module() != module) {
        continue;
      }
      if (value == null) {
        if (variable.required()) {
          throw new ProxySqlException(
              ProxySqlException.Kind.CONFIGURATION,
              "this ProxySQL has no variable " + variable.name(),
              "check that its version is the one that cluster.yaml gives",
              null);
        }
      } else if (!variable.isMetBy(value)) {
        edits.add(
            new AdminStatement(
                "set " + variable,
                Sqlite.update(
                    "global_variables",
                    Map.of("variable_value", variable.value()),
                    Map.of("variable_name", variable.name()))));
      }
    }
    for (Rows table : rows) {
      if (table.module() == module) {
        edits.addAll(table.edits(actual.rows(Layer.MEMORY, table.table())));
      }
    }
    if (module == Module.SERVERS) {
      List<Map<String, String>> memory = actual.rows(Layer.MEMORY, "mysql_servers");
      if (!edits.isEmpty()
          || !servers.isMet(Layer.MEMORY, memory)
          || !isMet(module, Layer.RUNTIME, actual)) {
        edits.addAll(servers.edits(memory, actual.rows(Layer.RUNTIME, "mysql_servers")));
      }
    }
    return edits;
  }

  private boolean isMet(Module module, Layer layer, ProxySqlState actual) {
    Map<String, String> known = values(actual, Layer.MEMORY);
    Map<String, String> values = values(actual, layer);
    for (Variable variable : variables) {
      if (variable.module() == module && known.containsKey(variable.name())) {
        String value = values.get(variable.name());
        if (value == null || !variable.isMetBy(value)) {
          return false;
        }
      }
    }
    for (Rows table : rows) {
      if (table.module() == module
          && !table.edits(comparable(actual, layer, table.table())).isEmpty()) {
        return false;
      }
    }
    return module != Module.SERVERS || servers.isMet(layer, actual.rows(layer, "mysql_servers"));
  }

  private boolean needsRestart(Module module, ProxySqlState actual) {
    Map<String, String> values = values(actual, Layer.RUNTIME);
    return variables.stream()
        .filter(v -> v.module() == module && v.needsRestart())
        .anyMatch(v -> !v.isMetBy(values.getOrDefault(v.name(), "")));
  }

  /** At run time a user has two rows, one towards clients and one towards servers. */
  private static List<Map<String, String>> comparable(
      ProxySqlState actual, Layer layer, String table) {
    List<Map<String, String>> rows = actual.rows(layer, table);
    if (layer != Layer.RUNTIME || !table.equals("mysql_users")) {
      return rows;
    }
    Map<String, Map<String, String>> byUser = new LinkedHashMap<>();
    for (Map<String, String> row : rows) {
      byUser
          .computeIfAbsent(row.getOrDefault("username", ""), u -> new LinkedHashMap<>(row))
          .putAll(Map.of("frontend", "1", "backend", "1"));
    }
    return List.copyOf(byUser.values());
  }

  private static Map<String, String> values(ProxySqlState actual, Layer layer) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map<String, String> row : actual.rows(layer, "global_variables")) {
      values.put(row.getOrDefault("variable_name", ""), row.getOrDefault("variable_value", ""));
    }
    return values;
  }

  private static List<Variable> variables(
      Proxy.ProxySql proxy, ProxySqlSecrets secrets, ServerVersion mysql, ProxySqlDialect dialect) {
    Module admin = Module.ADMIN_VARIABLES;
    Module main = Module.MYSQL_VARIABLES;
    List<Variable> all = new ArrayList<>();
    // The account admin is accepted from the machine itself only, any other from everywhere. The
    // account for statistics comes with a password that everybody knows.
    all.add(Variable.secret(admin, "admin-admin_credentials", "admin:" + secrets.admin()));
    all.add(Variable.secret(admin, "admin-stats_credentials", "stats:" + secrets.admin()));
    if (Ports.check(proxy.adminPort()) != ProxySqlAdmin.STANDARD_PORT) {
      all.add(Variable.required(admin, "admin-mysql_ifaces", ANY_ADDRESS + proxy.adminPort()));
    }
    if (dialect.tlsToServers()) {
      // caching_sha2_password can't be answered with mysql_native_password's hash. Gone in 2.6,
      // which never hashes.
      all.add(Variable.whereKnown(admin, "admin-hash_passwords", "false"));
    }

    all.add(Variable.required(main, Variable.INTERFACES, ANY_ADDRESS + Ports.check(proxy.port())));
    all.add(Variable.required(main, "mysql-server_version", mysql));
    all.add(
        Variable.whereKnown(
            main, "mysql-default_authentication_plugin", dialect.authenticationPlugin()));

    all.add(Variable.required(main, "mysql-monitor_enabled", "true"));
    all.add(Variable.required(main, "mysql-monitor_username", secrets.monitorUser()));
    all.add(Variable.secret(main, "mysql-monitor_password", secrets.monitorPassword()));

    // How fast a lost server is noticed, in milliseconds. The defaults (5 s between looks at the
    // group, 8 s between pings) are what makes a fail-over slow; a look costs a server next to
    // nothing. Time-outs stay well above what a small machine under load needs, so that a slow
    // server isn't taken for a dead one, and it takes two misses.
    all.add(Variable.required(main, "mysql-monitor_groupreplication_healthcheck_interval", 1000));
    all.add(Variable.required(main, "mysql-monitor_groupreplication_healthcheck_timeout", 800));
    all.add(
        Variable.whereKnown(
            main, "mysql-monitor_groupreplication_healthcheck_max_timeout_count", 2));
    all.add(Variable.required(main, "mysql-monitor_read_only_interval", 500));
    all.add(Variable.required(main, "mysql-monitor_read_only_timeout", 800));
    all.add(Variable.whereKnown(main, "mysql-monitor_read_only_max_timeout_count", 2));
    all.add(Variable.required(main, "mysql-monitor_ping_interval", 1000));
    all.add(Variable.required(main, "mysql-monitor_ping_timeout", 1000));
    all.add(Variable.required(main, "mysql-monitor_ping_max_failures", 2));
    all.add(Variable.required(main, "mysql-monitor_connect_interval", 2000));
    all.add(Variable.required(main, "mysql-monitor_connect_timeout", 1000));
    // How long a client waits for a connection to a server that may be gone, before another one is
    // tried; and for how many seconds a server that failed is then left alone (10 by default:
    // longer than a new primary needs).
    all.add(Variable.required(main, "mysql-connect_timeout_server", 1000));
    all.add(Variable.required(main, "mysql-shun_recovery_time_sec", 2));
    all.add(
        Variable.required(main, "mysql-monitor_writer_is_also_reader", proxy.writerIsAlsoReader()));
    return all;
  }

  private static Rows hostgroups(ProxySqlCompatibility.Verdict verdict, Proxy.ProxySql proxy) {
    if (verdict instanceof ProxySqlCompatibility.Impossible impossible) {
      throw new ImpossiblePairException(impossible);
    }
    return verdict instanceof ProxySqlCompatibility.GroupMonitor
        ? groupHostgroups(proxy)
        : readOnlyHostgroups(proxy, "super_read_only");
  }

  private static Rows groupHostgroups(Proxy.ProxySql proxy) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("writer_hostgroup", Integer.toString(proxy.hostgroups().writer()));
    row.put("backup_writer_hostgroup", Integer.toString(proxy.hostgroups().backupWriter()));
    row.put("reader_hostgroup", Integer.toString(proxy.hostgroups().reader()));
    row.put("offline_hostgroup", Integer.toString(proxy.hostgroups().offline()));
    row.put("active", "1");
    row.put("max_writers", Integer.toString(proxy.maxWriters()));
    row.put("writer_is_also_reader", proxy.writerIsAlsoReader() ? "1" : "0");
    row.put("max_transactions_behind", Integer.toString(proxy.maxTransactionsBehind()));
    row.put("comment", MARK);
    return Rows.plain(
        Module.SERVERS,
        "mysql_group_replication_hostgroups",
        Set.of("writer_hostgroup"),
        List.of(row),
        touching(proxy));
  }

  /**
   * @param checkType what a server is asked for; empty for ProxySQL 1.4, which knows {@code
   *     read_only} only
   */
  private static Rows readOnlyHostgroups(Proxy.ProxySql proxy, String checkType) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("writer_hostgroup", Integer.toString(proxy.hostgroups().writer()));
    row.put("reader_hostgroup", Integer.toString(proxy.hostgroups().reader()));
    if (!checkType.isEmpty()) {
      row.put("check_type", checkType);
    }
    row.put("comment", MARK);
    return Rows.plain(
        Module.SERVERS,
        "mysql_replication_hostgroups",
        Set.of("writer_hostgroup"),
        List.of(row),
        touching(proxy));
  }

  /** The other of the two tables must not have our hostgroups. */
  private static Rows noOther(Rows used, Proxy.ProxySql proxy) {
    String other =
        used.table().equals("mysql_replication_hostgroups")
            ? "mysql_group_replication_hostgroups"
            : "mysql_replication_hostgroups";
    return Rows.plain(
        Module.SERVERS, other, Set.of("writer_hostgroup"), List.of(), touching(proxy));
  }

  private static Predicate<Map<String, String>> touching(Proxy.ProxySql proxy) {
    Set<String> numbers = new HashSet<>();
    hostgroupNumbers(proxy).forEach(n -> numbers.add(n.toString()));
    return row ->
        MARK.equals(row.get("comment"))
            || row.entrySet().stream()
                .anyMatch(e -> e.getKey().endsWith("_hostgroup") && numbers.contains(e.getValue()));
  }

  private static Set<Integer> hostgroupNumbers(Proxy.ProxySql proxy) {
    Proxy.HostGroups groups = proxy.hostgroups();
    return Set.of(groups.writer(), groups.backupWriter(), groups.reader(), groups.offline());
  }

  private static Servers servers(
      Topology topology,
      Proxy.ProxySql proxy,
      ProxySqlCompatibility.Verdict verdict,
      ProxySqlDialect dialect) {
    Proxy.HostGroups groups = proxy.hostgroups();
    boolean multi = topology.replication().mode() == Replication.Mode.MULTI_PRIMARY;
    return new Servers(
        topology.nodes().stream()
            .map(n -> new Servers.Address(n.address().value(), MYSQL_PORT))
            .toList(),
        hostgroupNumbers(proxy),
        topology.replication().hasGroup() && verdict instanceof ProxySqlCompatibility.GroupMonitor
            ? new Servers.Placement.LeftToMonitor(multi ? groups.writer() : groups.reader())
            : new Servers.Placement.ByReadOnly(
                groups.writer(), groups.reader(), proxy.writerIsAlsoReader()),
        dialect.tlsToServers());
  }

  private static Rows users(
      Topology topology, Proxy.ProxySql proxy, ProxySqlSecrets secrets, ProxySqlDialect dialect) {
    Map<String, Map<String, String>> byName = new LinkedHashMap<>();
    for (Database database : topology.databases()) {
      String password = secrets.users().get(database.user());
      if (password == null) {
        throw new IllegalArgumentException("no password is known for user " + database.user());
      }
      Map<String, String> row = new LinkedHashMap<>();
      row.put("username", database.user());
      row.put("password", password);
      row.put("active", "1");
      row.put("default_hostgroup", Integer.toString(proxy.hostgroups().writer()));
      // A transaction stays on the server where it began, whatever the query rules say.
      row.put("transaction_persistent", "1");
      row.put("backend", "1");
      row.put("frontend", "1");
      if (dialect.userComments()) {
        row.put("comment", MARK);
      }
      byName.put(database.user(), row);
    }
    return new Rows(
        Module.USERS,
        "mysql_users",
        Set.of("username", "backend"),
        List.copyOf(byName.values()),
        row -> MARK.equals(row.get("comment")),
        "password",
        dialect.tlsToServers() ? Passwords::inClear : Passwords::inClearOrHashed);
  }

  private static Rows rules(Proxy.ProxySql proxy) {
    List<Map<String, String>> rules = new ArrayList<>();
    if (proxy.readWriteSplit()) {
      // Matched against the whole text: the digest is cut after 2,048 characters, and the words
      // that matter come last. One that only looks like it goes to a writer too, which does no
      // harm.
      Map<String, String> locking = rule(0, proxy.hostgroups().writer());
      locking.put(
          "match_pattern",
          "\\bFOR\\s+(UPDATE|SHARE)\\b|\\bLOCK\\s+IN\\s+SHARE\\s+MODE\\b"
              + "|\\b(GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS|IS_FREE_LOCK|IS_USED_LOCK)\\s*\\(");
      rules.add(locking);
      Map<String, String> reading = rule(10, proxy.hostgroups().reader());
      reading.put("match_digest", "^\\s*SELECT\\b");
      rules.add(reading);
    }
    return Rows.plain(
        Module.QUERY_RULES,
        "mysql_query_rules",
        Set.of("rule_id"),
        rules,
        row -> {
          int id = Integer.parseInt(row.getOrDefault("rule_id", "0"));
          return id >= FIRST_RULE && id <= LAST_RULE;
        });
  }

  private static Map<String, String> rule(int offset, int hostgroup) {
    Map<String, String> rule = new LinkedHashMap<>();
    rule.put("rule_id", Integer.toString(FIRST_RULE + offset));
    rule.put("active", "1");
    rule.put("destination_hostgroup", Integer.toString(hostgroup));
    rule.put("apply", "1");
    rule.put("comment", MARK);
    return rule;
  }

  /** Nothing of what it holds: there are passwords in it. */
  @Override
  public String toString() {
    return "ProxySqlDesired[" + servers.addresses() + "]";
  }
}
