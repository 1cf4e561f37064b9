package dev.clusterctl.cli;

import dev.clusterctl.operation.ConnectionInfo;
import dev.clusterctl.output.Output;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How to connect, in the words of what connects. */
final class ConnectionView {
  private static final String HIDDEN = "********";

  private ConnectionView() {}

  /** Whose words. */
  enum Format {
    ALL,
    DOTENV,
    JDBC,
    PDO,
    CODEIGNITER,
    CODEIGNITER3,
    PYTHON,
    GO,
    MYSQL
  }

  /** After up: one line on how to connect to each database. */
  static void hint(Session session, List<ConnectionInfo> databases) {
    session
        .output()
        .result(
            "connect",
            Map.of("databases", databases.stream().map(d -> json(d, false)).toList()),
            () ->
                databases.stream()
                    .map(
                        d ->
                            "connect to %s as %s at %s (clusterctl connection tells more)"
                                .formatted(d.database(), d.user(), endpoints(d)))
                    .toList());
  }

  static void show(
      Output output, List<ConnectionInfo> databases, Format format, boolean showSecrets) {
    output.result(
        "connection",
        Map.of("databases", databases.stream().map(d -> json(d, showSecrets)).toList()),
        () -> {
          List<String> lines = new ArrayList<>();
          for (ConnectionInfo database : databases) {
            if (format == Format.ALL) {
              lines.add((lines.isEmpty() ? "# " : "\n# ") + facts(database));
            }
            String password = showSecrets ? database.password() : HIDDEN;
            for (Format one : Format.values()) {
              if (one != Format.ALL && (format == Format.ALL || format == one)) {
                if (format == Format.ALL) {
                  lines.add((lines.isEmpty() ? "# " : "\n# ") + title(one));
                }
                lines.addAll(text(one, database, password));
              }
            }
          }
          return lines;
        });
  }

  private static String endpoints(ConnectionInfo database) {
    String write = join(database.write());
    return database.read().equals(database.write())
        ? write
        : "%s (to read only: %s)".formatted(write, join(database.read()));
  }

  private static String facts(ConnectionInfo d) {
    return "%s at %s; %s"
        .formatted(
            d.database(),
            endpoints(d),
            d.tls()
                ? "TLS where the client asks for it (the certificate is the server's own)"
                : "without TLS");
  }

  private static String join(List<ConnectionInfo.Endpoint> endpoints) {
    return endpoints.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static String title(Format format) {
    return switch (format) {
      case ALL -> "";
      case DOTENV -> ".env (Laravel and others)";
      case JDBC -> "JDBC (Java)";
      case PDO -> "PDO (PHP)";
      case CODEIGNITER -> "CodeIgniter 4, app/Config/Database.php";
      case CODEIGNITER3 -> "CodeIgniter 3, application/config/database.php";
      case PYTHON -> "Python (SQLAlchemy with PyMySQL)";
      case GO -> "Go (go-sql-driver/mysql)";
      case MYSQL -> "mysql client (asks for the password)";
    };
  }

  private static List<String> text(Format format, ConnectionInfo d, String password) {
    ConnectionInfo.Endpoint write = d.write().get(0);
    return switch (format) {
      case ALL -> List.of();
      case DOTENV ->
          List.of(
              "DB_CONNECTION=mysql",
              "DB_HOST=" + write.host(),
              "DB_PORT=" + write.port(),
              "DB_DATABASE=" + d.database(),
              "DB_USERNAME=" + d.user(),
              "DB_PASSWORD=" + dotenv(password));
      case JDBC -> {
        // Where there is no TLS, Java has to be allowed to ask for the key that hides the password.
        String options =
            d.tls() ? "sslMode=REQUIRED" : "sslMode=DISABLED&allowPublicKeyRetrieval=true";
        List<String> lines =
            new ArrayList<>(
                List.of("jdbc:mysql://%s/%s?%s".formatted(write, d.database(), options)));
        if (!d.read().equals(d.write())) {
          lines.add(
              "jdbc:mysql://%s/%s?%s   (to read only)"
                  .formatted(d.read().get(0), d.database(), options));
        }
        if (!d.split().isEmpty()) {
          lines.add(
              "jdbc:mysql://%s/%s?%s   (reads go to secondaries by themselves)"
                  .formatted(d.split().get(0), d.database(), options));
        }
        lines.add("user=%s password=%s".formatted(d.user(), password));
        yield lines;
      }
      case PDO ->
          List.of(
              "$pdo = new PDO('mysql:host=%s;port=%d;dbname=%s;charset=utf8mb4', '%s', '%s');"
                  .formatted(write.host(), write.port(), d.database(), d.user(), php(password)));
      case CODEIGNITER ->
          List.of(
              "public array $default = [",
              "    'hostname' => '" + write.host() + "',",
              "    'port'     => " + write.port() + ",",
              "    'username' => '" + d.user() + "',",
              "    'password' => '" + php(password) + "',",
              "    'database' => '" + d.database() + "',",
              "    'DBDriver' => 'MySQLi',",
              "    'charset'  => 'utf8mb4',",
              "    'DBCollat' => 'utf8mb4_general_ci',",
              "];");
      case CODEIGNITER3 ->
          List.of(
              "$db['default'] = array(",
              "    'hostname' => '" + write.host() + "',",
              "    'port'     => " + write.port() + ",",
              "    'username' => '" + d.user() + "',",
              "    'password' => '" + php(password) + "',",
              "    'database' => '" + d.database() + "',",
              "    'dbdriver' => 'mysqli',",
              "    'char_set' => 'utf8mb4',",
              "    'dbcollat' => 'utf8mb4_general_ci',",
              ");");
      case PYTHON ->
          List.of(
              "mysql+pymysql://%s:%s@%s/%s?charset=utf8mb4"
                  .formatted(d.user(), inUrl(password), write, d.database()));
      case GO ->
          List.of(
              "%s:%s@tcp(%s)/%s?charset=utf8mb4&parseTime=true%s"
                  .formatted(
                      d.user(), password, write, d.database(), d.tls() ? "&tls=skip-verify" : ""));
      case MYSQL ->
          List.of(
              "mysql --host=%s --port=%d --user=%s --password %s"
                  .formatted(write.host(), write.port(), d.user(), d.database()));
    };
  }

  /** In single quotes of PHP. */
  private static String php(String value) {
    return value.replace("\\", "\\\\").replace("'", "\\'");
  }

  /** The placeholder stays readable: it is in no URL that works. */
  private static String inUrl(String value) {
    return value.equals(HIDDEN)
        ? value
        : URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String dotenv(String value) {
    return value.matches("[A-Za-z0-9_.*-]*")
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + '"';
  }

  private static Map<String, Object> json(ConnectionInfo d, boolean showSecrets) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("database", d.database());
    json.put("user", d.user());
    if (showSecrets) {
      json.put("password", d.password());
    }
    json.put("write", d.write().stream().map(Object::toString).toList());
    json.put("read", d.read().stream().map(Object::toString).toList());
    if (!d.split().isEmpty()) {
      json.put("readWriteSplit", d.split().stream().map(Object::toString).toList());
    }
    json.put("tls", d.tls());
    return json;
  }
}
