package dev.clusterctl.operation;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.topology.MySql;
import dev.clusterctl.topology.Packages;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the MySQL server is on a machine, whatever way it came there.
 *
 * @param binary the server program
 * @param service its systemd service, without {@code .service}
 * @param optionFile the global option file that it reads last, so that what it says wins
 * @param dataDirectory where its data is
 */
public record Installation(String binary, String service, String optionFile, String dataDirectory) {

  /**
   * A file on the machine: while it is there, the data directory is being made, or put in place,
   * and what lies there is worth nothing.
   */
  public static final String UNFINISHED = "/var/lib/clusterctl/initialising";

  // Debian's, Ubuntu's and MySQL's own packages for them agree on these.
  private static final Installation PACKAGED =
      new Installation("/usr/sbin/mysqld", "mysql", "/etc/mysql/my.cnf", "/var/lib/mysql");

  // A service's own --defaults-file wins over everything; --help names the files otherwise, of
  // which ~/.my.cnf is nobody's to own.
  private static final String LOOK =
      """
      set -euo pipefail
      binary=$(PATH=$PATH:/usr/sbin:/usr/libexec:/usr/local/mysql/bin command -v mysqld) || {
        echo 'no mysqld in the PATH' >&2; exit 3; }
      service=
      for name in mysql mysqld mysql-server; do
        if systemctl cat "$name.service" >/dev/null 2>&1; then service=$name; break; fi
      done
      [ -n "$service" ] || { echo 'no systemd service mysql or mysqld' >&2; exit 4; }
      help=$("$binary" --verbose --help 2>/dev/null) || help=$("$binary" --no-defaults --verbose --help)
      started=$(systemctl show -p ExecStart "$service")
      file=
      for word in $started; do
        case $word in --defaults-file=*) file=${word#*=}; file=${file%%;*} ;; esac
      done
      if [ -z "$file" ]; then
        files=$(awk 'found {print; exit} /^Default options are read/ {found = 1}' <<<"$help")
        for candidate in $files; do
          case $candidate in '~'*) continue ;; esac
          if [ -z "$file" ] || [ -e "$candidate" ]; then file=$candidate; fi
        done
      fi
      data=$(awk '$1 == "datadir" {print $2; exit}' <<<"$help")
      printf 'binary=%s\\nservice=%s\\noptionFile=%s\\ndataDirectory=%s\\n' "$binary" "$service" "$file" "${data%/}"
      """;

  static Installation find(Remote remote, MySql mysql) throws IOException {
    if (mysql.packages().source() != Packages.Source.PREINSTALLED) {
      return PACKAGED;
    }
    Map<String, String> found = new HashMap<>();
    for (String line :
        remote
            .check(Command.shell("look for the MySQL server", "bash -s").withStdin(LOOK))
            .lines()
            .toList()) {
      int equals = line.indexOf('=');
      found.put(line.substring(0, equals), line.substring(equals + 1));
    }
    for (String key : new String[] {"binary", "service", "optionFile", "dataDirectory"}) {
      if (found.getOrDefault(key, "").isEmpty()) {
        throw new RemoteException(
            RemoteException.Kind.COMMAND,
            "%s: the MySQL server doesn't tell its %s".formatted(remote.machine(), key),
            java.util.List.of(),
            "check `mysqld --verbose --help` on the machine",
            null);
      }
    }
    return new Installation(
        found.getOrDefault("binary", ""),
        found.getOrDefault("service", ""),
        found.getOrDefault("optionFile", ""),
        found.getOrDefault("dataDirectory", ""));
  }

  /** Where the server's log of errors goes, as the rendered option file says. */
  public String errorLog() {
    return "/var/log/mysql/error.log";
  }
}
