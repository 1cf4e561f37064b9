package dev.clusterctl.topology;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rules for schemas and their accounts. */
final class DatabaseRules {
  private static final Set<String> SERVERS_OWN_SCHEMAS =
      Set.of(
          "mysql",
          "sys",
          "information_schema",
          "performance_schema",
          "ndbinfo",
          "mysql_innodb_cluster_metadata");

  private final List<Section> databases;
  private final Problems problems;

  DatabaseRules(List<Section> databases, Problems problems) {
    this.databases = databases;
    this.problems = problems;
  }

  void check() {
    uniqueNames();
    onePasswordEach();
    for (Section database : databases) {
      database
          .text("name")
          .filter(name -> SERVERS_OWN_SCHEMAS.contains(name.toLowerCase(Locale.ROOT)))
          .ifPresent(
              name ->
                  problems.error(
                      database.valueAt("name"),
                      "schema '%s' is MySQL's own".formatted(name),
                      "choose another name"));
      database
          .text("user")
          .filter(DatabaseRules::isReservedAccount)
          .ifPresent(
              user ->
                  problems.error(
                      database.valueAt("user"),
                      "account '%s' is kept for administration".formatted(user),
                      "choose another name; root, mysql…, clusteradmin and clusterctl… are taken"));
      database.text("password").ifPresent(text -> password(text, database.valueAt("password")));
    }
  }

  private static boolean isReservedAccount(String user) {
    String lower = user.toLowerCase(Locale.ROOT);
    return lower.equals("root")
        || lower.equals("mysql")
        || lower.startsWith("mysql_")
        || lower.startsWith("mysql-")
        || lower.startsWith("clusterctl")
        || lower.equals("clusteradmin");
  }

  private void uniqueNames() {
    Map<String, Position> seen = new HashMap<>();
    for (Section database : databases) {
      database
          .text("name")
          .ifPresent(
              name -> {
                Position at = database.valueAt("name");
                Position first = seen.putIfAbsent(name, at);
                if (first != null) {
                  problems.error(
                      at,
                      "database name '%s' is taken already in line %d"
                          .formatted(name, first.line()),
                      "give each database a name of its own");
                }
              });
    }
  }

  /** An account may use several databases; its password is one, wherever it is written. */
  private void onePasswordEach() {
    Map<String, Section> first = new HashMap<>();
    for (Section database : databases) {
      Optional<String> user = database.text("user");
      if (user.isEmpty()) {
        continue;
      }
      Section other = first.putIfAbsent(user.orElseThrow(), database);
      if (other != null && !other.text("password").equals(database.text("password"))) {
        problems.error(
            database.valueAt(database.has("password") ? "password" : "user"),
            "account '%s' has another password here than in line %d"
                .formatted(user.orElseThrow(), other.valueAt("user").line()),
            "write the same 'password' at each of its databases, or leave it out at each");
      }
    }
  }

  private void password(String text, Position at) {
    Optional<SecretRef> secret = SecretText.parse(text, Path::of);
    if (secret.isEmpty()) {
      problems.error(
          at,
          "the password begins like a reference, but is none",
          "write ${env:NAME} or ${file:PATH}, or leave it out: clusterctl makes a good one");
    } else if (secret.orElseThrow() instanceof SecretRef.Literal) {
      problems.warning(
          at,
          "the password stands in clear",
          "write ${env:NAME} or ${file:PATH}, or leave it out: clusterctl makes a good one");
    }
  }
}
